# Each target installs what it needs; see scripts/setup.sh.
MAKEFLAGS += --no-print-directory
SHELL := bash

.PHONY: run test dev build site lambda dist sbom bench bench-http bench-store soak flood sign-ins stories overload idle slope rolling link-order lighthouse scoreboard fuzz mutants lint otel fmt doc clean

run: build ## Builds the release site and serves it
	exec target/release/gazette serve

# The commit that `gazette --version` names.
COMMIT ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null)
build dist: export GAZETTE_COMMIT = $(COMMIT)

build: site ## Builds the release server (target/release/gazette) and the browser assets (target/site)
	cargo build --release --package gazette-server

lambda: build ## Builds the functions for AWS Lambda into deploy/aws/build, for this machine's architecture
	cargo build --release --package gazette-lambda-authorizer
	scripts/lambda.sh

dist: site ## Builds an archive for this kind of machine into target/dist, the same bytes in any folder, with its SBOM
	scripts/dist.sh

sbom: ## Lists the crates of the binary as CycloneDX, in target/dist/gazette.cdx.json
	python3 scripts/sbom.py target/dist/gazette.cdx.json

site: ## Builds the browser assets
	scripts/setup.sh site
	scripts/site.sh

test: ## Runs every test: unit, store, HTTP, browser
	scripts/setup.sh test
	scripts/site.sh
	cargo test --quiet
	scripts/browser-tests.sh

dev: ## Serves the site, rebuilds and reloads at every change
	scripts/setup.sh dev
	mkdir -p target/site/pkg
	end2end/node_modules/.bin/lightningcss style/newsroom.css --output-file target/site/pkg/newsroom.css
	PATH="$${XDG_CACHE_HOME:-$$HOME/.cache}/gazette/bin:$$PWD/end2end/node_modules/.bin:$$PATH" cargo leptos watch

bench: bench-store ## Measures costs, as ratios to a reference of the same minute
	cargo bench --package gazette-authorizer --bench tokens
	cargo bench --package gazette-server --bench ratios
	cargo bench --package gazette-server --bench search
	$(MAKE) bench-http

bench-http: build ## Measures the release server: CPU a request, writes, start, memory; writes docs/performance.md (Linux)
	cargo build --release --quiet --package gazette-bench
	target/release/gazette-bench publish

STORIES ?= 1000000
bench-store: ## Measures the embedded store with STORIES stories: reads, memory, start after a crash
	cargo bench --package gazette-server --bench store -- $(STORIES)

CYCLES ?= 1000
soak: STORIES = 100000
soak: ## Kills the server CYCLES times, with STORIES in its store, during writes; checks the data
	cargo test --release --quiet --package gazette-server --test soak -- $(CYCLES) $(STORIES)

flood: build ## Floods the release server with silent, slow and unreading clients, and checks its readers (Linux)
	python3 scripts/load/flood.py

sign-ins: build ## Measures what other requests wait for while 20 users sign in at once (Linux)
	python3 scripts/load/sign_ins.py

overload: build ## Asks one core of the release server for three times what it can answer, and checks what it refuses (Linux)
	python3 scripts/load/overload.py

idle: build ## Keeps 10,000 connections to the release server open, and checks its memory (Linux)
	python3 scripts/load/idle.py

MINUTES ?= 5
slope: build ## Sends half of what the release server can bear for MINUTES, and checks how its memory grows (Linux)
	python3 scripts/load/slope.py $(MINUTES)

rolling: build ## Restarts two release servers behind nginx one after the other, under load; no request may fail (Linux)
	scripts/setup.sh test
	python3 scripts/load/rolling.py

link-order: site ## Lists the functions that a start and common requests run, so that the linker puts them together (Linux)
	scripts/setup.sh test
	cargo rustc --release --package gazette-server --bin gazette -- -C strip=none
	python3 scripts/link_order.py

N ?= 100000
stories: build ## Sends N generated stories, HTML and Markdown bombs among them, and checks time and size (Linux)
	python3 scripts/load/stories.py $(N)

lighthouse: build ## Measures pages of the release server as a phone sees them; fails below the targets
	scripts/setup.sh lighthouse
	node end2end/lighthouse/measure.mjs

scoreboard: ## Compares this user pool and other local ones with Cognito, check by check
	scripts/setup.sh scoreboard
	cargo build --quiet --package gazette-server
	end2end/.venv/bin/python end2end/scoreboard/scoreboard.py

fuzz: ## Fuzzes the authorizer, each target for SECONDS_EACH seconds (60 by default)
	scripts/setup.sh fuzz
	PATH="$${XDG_CACHE_HOME:-$$HOME/.cache}/gazette/bin:$$PATH" scripts/fuzz.sh

mutants: ## Mutates the authorizer and the policy, and lists mutants that no test catches; takes an hour
	scripts/setup.sh mutants
	PATH="$${XDG_CACHE_HOME:-$$HOME/.cache}/gazette/bin:$$PATH" scripts/mutants.sh

lint: ## Checks formatting, lints, documentation, the template for AWS, and the licences and sources of crates
	scripts/setup.sh lint
	cargo fmt --all --check
	cargo clippy --quiet --all-targets -- -D warnings
	cargo clippy --quiet --package gazette-browser --target wasm32-unknown-unknown -- -D warnings
	# With examples it has the features of the lints, and so uses the same crates.
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --document-private-items --lib --bins --examples
	scripts/lint-deploy.sh

otel: ## Lints and tests the build that exports spans by OpenTelemetry
	cargo clippy --quiet --all-targets --features gazette-server/otel -- -D warnings
	cargo test --quiet --package gazette-server --features otel otlp

fmt: ## Formats the code
	cargo fmt --all

doc: ## Builds the documentation of the code, at target/doc
	cargo doc --no-deps --document-private-items

clean: ## Removes everything that was built
	cargo clean
