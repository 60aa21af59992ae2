import { expect, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN } from "./world";

test("one box chooses every story and the count follows", async ({ page }) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  const boxes = page.getByRole("checkbox", { name: /^Choose “/ });
  const ticked = page.getByRole("checkbox", { name: /^Choose “/, checked: true });
  const all = page.getByRole("checkbox", { name: "Select all" });
  const count = page.getByRole("status").filter({ hasText: "selected" });
  await expect(count).toHaveText("0 selected");
  await expect(all).not.toBeChecked();
  const total = await boxes.count();

  await all.check();
  await expect(ticked).toHaveCount(total);
  await expect(count).toHaveText(`${total} selected`);

  await boxes.first().uncheck();
  await expect(count).toHaveText(`${total - 1} selected`);
  await expect(all).not.toBeChecked();

  await boxes.first().check();
  await expect(count).toHaveText(`${total} selected`);
  await expect(all).toBeChecked();

  await all.uncheck();
  await expect(ticked).toHaveCount(0);
  await expect(count).toHaveText("0 selected");
});
