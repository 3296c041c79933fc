import { phaseOrder, type BuildPlan, type Hints, type RuntimeWish } from '@nx-nixpack/plan';

/** What commands of a build take for granted, as they find it on the machines of those who wrote them. */
const TOOLS = [
  'build-essential',
  'bzip2',
  'curl',
  'git',
  'libssl-dev',
  'patch',
  'pkgconf | pkg-config',
  'unzip',
  'xz-utils',
  'zlib1g-dev',
];

/** What packages with parts in C are built with, by the runtime that builds them. */
const TOOLS_OF: Readonly<Record<string, readonly string[]>> = {
  // node-gyp is a program of Python, and its older versions need distutils, which setuptools has now.
  node: ['python3', 'python3-setuptools'],
};

/** Nothing for an image that only takes files, unless it is to have them: others are built on it. */
export function buildTools(
  plan: BuildPlan,
  runtimes: readonly RuntimeWish[],
  isKept = false,
): string[] {
  const isBuilt = phaseOrder(plan).some(
    (name) => name !== 'setup' && (plan.phases?.[name]?.cmds ?? []).length > 0,
  );
  if (!isBuilt && !isKept) return [];
  return [...TOOLS, ...runtimes.flatMap(({ name }) => TOOLS_OF[name] ?? [])];
}

/** Commands of the setup phase change the image itself, and people write them for images that have these. */
export function setupTools(plan: BuildPlan, { setupCommands = [] }: Hints): string[] {
  const own = (plan.phases?.['setup']?.cmds ?? []).filter((one) => !setupCommands.includes(one));
  return own.length === 0 ? [] : ['curl'];
}
