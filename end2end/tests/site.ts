/** Part of the tests that this process runs; parts run at the same time. */
export const PART = Number(process.env.TEST_PART ?? 1);

/** Returns an origin with the port for this part; sites and pools are 1,000 apart, so ten parts fit. */
export function local(port: number): string {
  return `http://localhost:${port + 100 * (PART - 1)}`;
}

/** Origin of the site under test. */
export const SITE = local(3100);

/** Origin of its embedded user pool, which serves the hosted UI. */
export const POOL = local(4100);

/** A user of the pool. */
export interface Person {
  name: string;
  password: string;
  group?: string;
}

export const ADMIN: Person = { name: "ada", password: "correct-horse-ada", group: "admin" };
export const EDITOR: Person = { name: "ed", password: "correct-horse-ed", group: "editor" };
export const WRITER: Person = { name: "wren", password: "correct-horse-wren", group: "writer" };
export const OTHER_WRITER: Person = { name: "wim", password: "correct-horse-wim", group: "writer" };
export const READER: Person = { name: "rhea", password: "correct-horse-rhea" };

export const PEOPLE = [ADMIN, EDITOR, WRITER, OTHER_WRITER, READER];
