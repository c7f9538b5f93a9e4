// A demo of one's own with people in it, served on loopback; everything goes away with stop().
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:net";

const program = process.env.ALDIA ?? "build/aldia";

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export async function serveDemo(people, customers = 60) {
  const data = mkdtempSync(join(tmpdir(), "aldia-browser-"));
  const aldia = (...args) => execFileSync(program, ["--data", data, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  aldia("--quiet", "demo", "--customers", String(customers), "--days", "75");
  const passwords = {};
  for (const [login, role] of people) {
    const made = JSON.parse(aldia("--json", "user", "add", login, "--role", role, "--name", login[0].toUpperCase() + login.slice(1) + " Prueba", "--scope", "all", "--language", "es"));
    passwords[login] = made.password;
  }
  const port = await freePort();
  const server = spawn(program, ["--data", data, "serve", "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  await new Promise((resolve, reject) => {
    const hear = (piece) => {
      said += piece;
      if (said.includes("listens at")) resolve();
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", (code) => reject(new Error(`aldia serve ended with ${code}: ${said.slice(-2000)}`)));
    setTimeout(() => reject(new Error(`aldia serve does not listen: ${said.slice(-2000)}`)), 30000).unref();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    passwords,
    now: () => readFileSync(join(data, "clock"), "utf8").split("\n")[0],
    aldia: (...args) => aldia("--clock-file", join(data, "clock"), ...args),
    stop: () =>
      new Promise((resolve) => {
        server.removeAllListeners("exit");
        server.on("exit", () => {
          rmSync(data, { recursive: true, force: true });
          resolve();
        });
        server.kill("SIGTERM");
      }),
  };
}
