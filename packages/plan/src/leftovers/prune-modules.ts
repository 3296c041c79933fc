/**
 * A program of Node that removes the packages of node_modules which no production dependency leads to, as Node itself finds
 * packages: nested ones first, links followed. It works alike for what npm, Yarn, pnpm and bun leave and needs no registry; where
 * a dependency of the source is not there, it touches nothing.
 */
const PROGRAM = `
// removes packages that no production dependency leads to
const fs = require("fs"), path = require("path");
const keys = (manifest, fields) => fields.flatMap((field) => Object.keys(manifest[field] ?? {}));
const find = (from, name) => {
  for (let dir = from; ; dir = path.dirname(dir)) {
    const found = path.join(dir, "node_modules", name);
    if (fs.existsSync(path.join(found, "package.json"))) return fs.realpathSync(found);
    if (dir === path.dirname(dir)) return undefined;
  }
};
// Yarn 1 installs what is for other C libraries, too. A report that looks at the network takes long.
if (process.report) process.report.excludeNetwork = true;
const libc = process.report?.getReport?.().header.glibcVersionRuntime === undefined ? undefined : "glibc";
const isForeign = (dir) => {
  const wanted = JSON.parse(fs.readFileSync(path.join(dir, "package.json"), "utf8")).libc;
  return libc !== undefined && wanted !== undefined && ![wanted].flat().includes(libc);
};
const needed = new Set();
const walk = (dir) => {
  const manifest = JSON.parse(fs.readFileSync(path.join(dir, "package.json"), "utf8"));
  const optional = keys(manifest, ["optionalDependencies"]);
  const missing = [];
  for (const name of keys(manifest, ["dependencies", "optionalDependencies", "peerDependencies"])) {
    const found = find(dir, name);
    if (found === undefined && !optional.includes(name) && manifest.dependencies?.[name]) missing.push(name);
    if (found !== undefined && !needed.has(found) && !(optional.includes(name) && isForeign(found))) { needed.add(found); walk(found); }
  }
  return missing;
};
const sweep = (dir) => {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, entry.name);
    if (!entry.isDirectory() || entry.name === ".bin") continue;
    if (entry.name === ".pnpm") sweepStore(at);
    else if (entry.name.startsWith("@")) { sweep(at); if (fs.readdirSync(at).length === 0) fs.rmdirSync(at); }
    else if (!fs.existsSync(path.join(at, "package.json"))) continue;
    else if (!needed.has(at)) fs.rmSync(at, { recursive: true });
    else if (fs.existsSync(path.join(at, "node_modules"))) sweep(path.join(at, "node_modules"));
  }
};
const sweepStore = (dir) => {
  const used = new Set([...needed].map((at) => path.relative(dir, at).split(path.sep)[0]));
  for (const name of fs.readdirSync(dir))
    if (name !== "node_modules" && fs.existsSync(path.join(dir, name, "node_modules")) && !used.has(name))
      fs.rmSync(path.join(dir, name), { recursive: true });
  unlink(dir, 3);
};
const unlink = (dir, deep) => {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const at = path.join(dir, entry.name);
    if (entry.isSymbolicLink() && !fs.existsSync(at)) fs.rmSync(at);
    else if (entry.isDirectory() && (deep > 0 || /^(@|[.]bin$)/.test(entry.name))) unlink(at, deep - 1);
  }
};
const modules = path.join(process.cwd(), "node_modules");
const missing = fs.existsSync(modules) ? walk(process.cwd()) : ["node_modules"];
if (missing.length > 0) console.log("nothing is removed: not installed is " + missing.join(", "));
else { sweep(modules); unlink(modules, 0); }
`;

/** The command that does it, by whichever of the two runs it. */
export const pruneModules = (by: 'node' | 'bun'): string => `${by} -e '${PROGRAM}'`;
