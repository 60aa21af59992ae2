import { expect, test } from "./fixtures";
import { signIn } from "./hosted-ui";
import { ADMIN } from "./site";

test("select all checks every story and updates the count", async ({ page }) => {
  await signIn(page, ADMIN);
  await page.goto("/desk");
  const checkboxes = page.getByRole("checkbox", { name: /^Select “/ });
  const checked = page.getByRole("checkbox", { name: /^Select “/, checked: true });
  const all = page.getByRole("checkbox", { name: "Select all" });
  const count = page.getByRole("status").filter({ hasText: "selected" });
  await expect(count).toHaveText("0 selected");
  await expect(all).not.toBeChecked();
  const total = await checkboxes.count();

  await all.check();
  await expect(checked).toHaveCount(total);
  await expect(count).toHaveText(`${total} selected`);

  await checkboxes.first().uncheck();
  await expect(count).toHaveText(`${total - 1} selected`);
  await expect(all).not.toBeChecked();

  await checkboxes.first().check();
  await expect(count).toHaveText(`${total} selected`);
  await expect(all).toBeChecked();

  await all.uncheck();
  await expect(checked).toHaveCount(0);
  await expect(count).toHaveText("0 selected");
});
