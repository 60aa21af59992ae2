import { readFileSync } from "node:fs";
import type { Story } from "./fixtures";

/** Generated from the route table of the server: what each route answers to each kind of caller. */
const MATRIX = "../server/tests/it/authorization_matrix.txt";

export const ROLES = ["anonymous", "reader", "writer", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

interface Route {
  method: string;
  path: string;
  /** Status that the policy decides; `pass` when it lets the role in. */
  statuses: Record<Role, string>;
}

/** Page to visit. */
export interface Example {
  path: string;
  /** Status for those who may read it. */
  status: number;
  /** Status for writers, if it depends on whose story it is. */
  writer?: number;
}

/** What the addresses of pages are made of. */
export interface Subjects {
  story: Story;
  deleted: Story;
  /** Slugs of stories that are hard to show. */
  awkward: string[];
  /** Job of an erasure. */
  job: string;
  /** Subject of a person. */
  person: string;
}

/** Routes that only answer with other things than pages, to those who may read them. */
export const FILES = [
  ...["/feed.atom", "/feed.rss", "/feed.json"],
  ...["section/world", "tag/harbours", "author/maren-ashlock"].flatMap((list) =>
    ["atom", "rss", "json"].map((format) => `/${list}/feed.${format}`),
  ),
  ...["/sitemap.xml", "/sitemap-news.xml", "/sitemaps/pages.xml", "/llms.txt", "/robots.txt"],
  ...["/manifest.webmanifest", "/.well-known/security.txt", "/openapi.json", "/healthz", "/readyz"],
  ...["/desk/audit.csv", "/desk/audit.ndjson", "/auth/me", "/auth/explain", "/auth/verify"],
];

/** Returns every page to visit. A route can have several: each state that looks different. */
export function examples({ story, deleted, awkward, job, person }: Subjects): Example[] {
  const month = story.published_at.slice(0, 7);
  const found = [
    ...["/", "/news", "/news?limit=3", `/news?section=world&month=${month}`, `/news/${story.slug}`],
    ...awkward.map((slug) => `/news/${slug}`),
    ...["/section/world", "/tag/harbours", "/author/maren-ashlock", "/corrections"],
    ...["/search", "/search?q=harbour", "/search?q=zzzzzz&from=2026-01-01", "/search?q=%3C%3E"],
    ...["/archive", `/archive/${month.replace("-", "/")}`, "/about", "/privacy", "/accessibility", "/docs"],
    ...["/auth/login", "/account", "/account/people", "/saved"],
    ...["/desk", "/desk?status=published&q=the&sort=headline", "/desk?q=nothing-of-the-kind"],
    ...["/desk/new", `/desk/${story.id}/corrections`, "/desk/labels", "/desk/redirects", "/desk/images"],
    ...[`/desk/delete?id=${story.id}`, "/desk/delete?all=yes"],
    ...["/desk/trash", "/desk/trash/empty", `/desk/trash/erase?id=${deleted.id}`],
    ...[`/desk/trash/erase/${job}`, "/desk/imports", "/desk/audit", "/desk/status", "/desk/people"],
    `/desk/people/${person}`,
  ];
  const failing: [number, string[]][] = [
    [400, ["/news?limit=0", "/auth/callback"]],
    [404, ["/nothing-here", "/news/nothing-here", "/section/nothing", "/tag/nothing"]],
    [404, ["/author/nothing", "/archive/1999/01", "/assets/nothing", "/images/nothing"]],
    // newsroom.spec.ts visits the page of a deletion of all stories.
    [404, ["/saved-form", "/desk/delete/00000000-0000-7000-8000-000000000000"]],
    [405, ["/auth/logout", "/desk/restore"]],
    [410, [`/news/${deleted.slug}`]],
  ];
  const ofOthers = [`/desk/${story.id}`, `/desk/${story.id}/history`];
  return [
    ...ofOthers.map((path) => ({ path, status: 200, writer: 403 })),
    ...found.map((path) => ({ path, status: 200 })),
    ...failing.flatMap(([status, paths]) => paths.map((path) => ({ path, status }))),
  ];
}

/** Returns every route, in the order in which the server looks for them. */
function routes(): Route[] {
  const lines = readFileSync(MATRIX, "utf8").trim().split("\n");
  const [names, ...rows] = lines.map((line) => line.split(/\s+/));
  return rows.map(([method, path, ...cells]) => {
    const statuses = ROLES.map((role) => [role, cells[names.indexOf(role) - 1]]);
    return { method, path, statuses: Object.fromEntries(statuses) };
  });
}

/** Every route of the server. */
export const ROUTES = routes();

/** Returns the route that answers when the address is opened. */
export function routeOf(address: string): Route | undefined {
  const { pathname } = new URL(address, "http://site.example");
  const matches = ({ path }: Route) =>
    new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(pathname);
  const first = ROUTES.find(matches);
  return ROUTES.find(({ method, path }) => method === "GET" && path === first?.path);
}

/** Returns the status that a role gets. */
export function expectedStatus({ path, status, writer }: Example, role: Role): number {
  const decided = routeOf(path)?.statuses[role] ?? "pass";
  if (decided !== "pass") return Number(decided);
  return role === "writer" ? (writer ?? status) : status;
}
