#!/usr/bin/env node
/**
 * Runs every attack of a hostile build step for real, in the embedded engine and beside it in other sandboxes. Each has a
 * canary on this machine that it would touch. Needs root, and a base image (tools/setup.mjs makes one).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from '../root.mjs';
import { ATTACKS } from './attacks/index.mjs';
import { openHost } from './host.mjs';
import { PRELUDE } from './prelude.mjs';
import { writeTable } from './table.mjs';
import { bubblewrap } from './sandboxes/bubblewrap.mjs';
import { buildah } from './sandboxes/buildah.mjs';
import { nxNixpack } from './sandboxes/nx-nixpack.mjs';
import { runc } from './sandboxes/runc.mjs';

const HELP = `Usage: node tools/attack/run.mjs [--others] [--only ID[,ID]] [--verbose] [--write] [--base LAYOUT]

  --others   also in buildah (chroot), runc (Docker's defaults) and bubblewrap, as far as they are installed
  --only     these attacks
  --verbose  what each attack says of its end
  --write    put the result into SECURITY.md (with --others)
  --base     an OCI image layout with Perl (default: dist/base-images/static)
`;

const { values } = parseArgs({
  options: {
    others: { type: 'boolean', default: false },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    base: { type: 'string', default: join(root, 'dist/base-images/static') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const wanted = values.only?.split(',');
const attacks = ATTACKS.filter(({ id }) => wanted?.includes(id) ?? true);
const sandboxes = values.others ? [nxNixpack, buildah, runc, bubblewrap] : [nxNixpack];
// What the builder has in its own environment is for no build to see.
process.env.NIXPACK_ATTACK_SECRET = 'secret';

const host = await openHost();
const scratch = mkdtempSync('/var/tmp/nixpack-attacks-');
const results = [];
try {
  for (const sandbox of sandboxes)
    results.push({ name: sandbox.name, verdicts: await attackAll(sandbox) });
} finally {
  await host.close();
  // Not by Node, which cannot reach what `deep-directories` leaves in other sandboxes.
  spawnSync('rm', ['-rf', '--one-file-system', scratch]);
}
if (values.write) writeTable(attacks, results);
summarize();

async function attackAll(sandbox) {
  const storage = join(
    scratch,
    `storage-${sandbox.name.replace(/\W+/g, '-')}-${Math.floor(performance.now())}`,
  );
  mkdirSync(storage, { mode: 0o700 });
  const opened = await sandbox.open(storage, values.base);
  const verdicts = new Map();
  for (const attack of attacks) {
    const verdict =
      attack.deadly && verdicts.get('host-processes')?.escaped
        ? { escaped: true, detail: 'not tried: it would end this machine' }
        : await attackOnce(opened, attack, storage);
    verdicts.set(attack.id, verdict);
    if (values.verbose || (sandbox === nxNixpack && (verdict.escaped || verdict.broken)))
      console.log(
        `${sandbox.name}: ${attack.id}: ${verdict.escaped ? 'ESCAPED' : verdict.broken ? 'BROKEN' : 'contained'}: ${verdict.detail}`,
      );
  }
  await opened.close();
  return verdicts;
}

async function attackOnce(opened, attack, storage) {
  const running = opened.run(`${PRELUDE}\n${attack.program}`, host.variables(), attack);
  const seen = attack.whileRunning
    ? await watched(running, () => attack.whileRunning(host))
    : false;
  const { output, image } = await running;
  const [, said, detail] = [...output.matchAll(/^(ESCAPED|contained): (.*)$/gm)].at(-1) ?? [];
  const harmed =
    seen ||
    (await attack.hostHarmed?.(host, storage)) ||
    attack.outputHarmed?.(output, host, storage) ||
    image?.includes(host.canary);
  if (harmed)
    return { escaped: true, detail: `the host was touched (${detail ?? 'it said nothing'})` };
  if (said === undefined && !attack.deadly) return { broken: true, detail: output.slice(-300) };
  return { escaped: said === 'ESCAPED', detail: detail ?? 'it ended itself' };
}

/** Whether something holds at any time until `work` is done. */
async function watched(work, holds) {
  let done = false;
  let seen = false;
  void work.finally(() => (done = true));
  while (!done) {
    seen ||= await holds();
    await delay(100);
  }
  return seen;
}

function summarize() {
  for (const { name, verdicts } of results) {
    const all = [...verdicts.values()];
    const escaped = all.filter((verdict) => verdict.escaped).length;
    const broken = all.filter((verdict) => verdict.broken).length;
    console.log(
      `${name.padEnd(24)} contained ${all.length - escaped - broken} of ${all.length}${broken ? `, ${broken} broken` : ''}`,
    );
  }
  const ours = [...results[0].verdicts.values()];
  const failed = ours.filter(({ escaped, broken }) => escaped || broken).length;
  console.log(`\n${ours.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && ours.length > 0 ? 0 : 1;
}
