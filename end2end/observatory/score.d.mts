/** Result of one test of the Observatory. */
export interface Result {
  result: string;
  pass: boolean;
  modifier: number;
}

/** Returns the score of a page, and the result of each test. */
export function score(
  path: string,
  headers: Record<string, string>,
  html: string,
): { score: number; results: Result[] };
