import config from "./playwright.config";
const server = config.webServer as { command: string; env: Record<string, string> };
server.command = server.command.replace("../target/debug/gazette", "/tmp/e2e-gazette");
server.env.LEPTOS_SITE_ROOT = "/work/main/target/site";
export default config;
