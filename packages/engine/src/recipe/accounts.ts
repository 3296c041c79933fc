import { UserError } from '@nx-nixpack/base';
import type { BuildPlan } from '@nx-nixpack/plan';
import type { LayerName, Step } from './recipe.js';
import { finalBase, type BaseFacts, type Bases, type LowerSettings } from './settings.js';

const DEFAULT_USER = '65532:65532';
const LAYER: LayerName = 'toolchain';
const NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Who the image's program runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** Text of the files that must hold the account; absent when the base has it. */
  readonly passwd?: string;
  readonly group?: string;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The declared ids, or those of the user that the plan names; with entries where the base has none for them. */
export function accountOf(plan: BuildPlan, settings: LowerSettings, bases: Bases): Account {
  const base = finalBase(bases);
  const entries = passwdEntries(base.passwd);
  const named = namedUser(plan, settings);
  const known = entries.find(({ name }) => name === named);
  const [uid, gid] = known ? [known.uid, known.gid] : idsOf(settings.user);
  const existing = entries.find((entry) => entry.uid === uid);
  const name = existing?.name ?? freeName(named ?? 'app', uid, entries);
  const home = existing?.home ?? (uid === 0 ? '/root' : `/home/${name}`);
  const passwd = existing ? undefined : `${name}:x:${uid}:${gid}:${name}:${home}:/bin/sh`;
  return {
    name,
    uid,
    gid,
    home,
    ...(passwd === undefined ? {} : { passwd: appendLine(base.passwd, passwd) }),
    ...groupFile(base, name, gid),
  };
}

/** Steps that bring the account into the image. */
export function accountSteps(account: Account): Step[] {
  const steps: Step[] = [];
  if (account.passwd !== undefined) steps.push(write('/etc/passwd', account.passwd));
  if (account.group !== undefined) steps.push(write('/etc/group', account.group));
  // A new account needs its home; one of the base has what the base gave it.
  if (account.passwd !== undefined && account.uid !== 0)
    steps.push({ kind: 'directory', layer: LAYER, path: account.home, mode: 0o755 });
  // Profiles and toolchains below /root must be readable for who is not root.
  steps.push({ kind: 'directory', layer: LAYER, path: '/root', mode: 0o755 });
  return steps;
}

export const write = (path: string, text: string, mode = 0o644): Step => ({
  kind: 'write',
  layer: LAYER,
  path,
  content: Buffer.from(text),
  mode,
});

/** `user` of the deployment wins over the plan's; a user that the plan names gets the default's ids. */
function namedUser(plan: BuildPlan, settings: LowerSettings): string | undefined {
  const name = plan.start?.user;
  if (name === undefined || settings.user !== DEFAULT_USER) return undefined;
  if (NAME.test(name)) return name;
  throw new UserError({
    code: 'PLAN_INVALID',
    message: `"${name}" is not a user name`,
    hint: 'Use lower-case letters, digits, - and _ for start.user.',
  });
}

function idsOf(user: string): [number, number] {
  const match = /^(\d{1,10}):(\d{1,10})$/.exec(user);
  if (match) return [Number(match[1]), Number(match[2])];
  throw new UserError({
    code: 'CONFIG_INVALID_VALUE',
    message: `"${user}" is not a user`,
    hint: 'Write the numbers of user and group, for example "65532:65532".',
  });
}

function passwdEntries(text: string): PasswdEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':');
    if (!name || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home: home === '' || !home ? '/' : home }];
  });
}

function groupFile(base: BaseFacts, name: string, gid: number): { group?: string } {
  const groups = base.group.split('\n').map((line) => line.split(':'));
  if (groups.some(([, , id]) => id === String(gid))) return {};
  const taken = groups.some(([other]) => other === name);
  return { group: appendLine(base.group, `${taken ? `${name}-${gid}` : name}:x:${gid}:`) };
}

const freeName = (name: string, uid: number, entries: readonly PasswdEntry[]): string =>
  entries.some((entry) => entry.name === name) ? `${name}-${uid}` : name;

const appendLine = (text: string, line: string): string =>
  `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
