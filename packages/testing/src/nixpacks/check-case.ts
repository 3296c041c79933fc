import { UserError } from '@nx-nixpack/base';
import {
  generatePlan,
  parsePlan,
  phaseOrder,
  sourceTree,
  type BuildPlan,
  type GeneratedPlan,
  type PlanOptions,
} from '@nx-nixpack/plan';
import { failedAssert } from './asserts.js';
import { differences } from './compare.js';
import { caseTree, type ConformanceCase } from './conformance-case.js';
import { nginxFacts } from './nginx-facts.js';
import { nixFiles } from './nix-files.js';
import { nixpacksDockerfile } from './nixpacks-dockerfile.js';

const ARCH = 'x86_64';

/** Plans a case in conformance mode; answers what differs from its expectations, nothing when all hold. */
export function checkCase(given: ConformanceCase): readonly string[] {
  const source = sourceTree(caseTree(given), { name: given.directory ?? 'app' });
  const { env, configFile, plan } = given.options;
  const answer = orUserError(() => {
    const options: PlanOptions = {
      arch: ARCH,
      conformance: true,
      extensions: false,
      ...(env && { env }),
      ...(configFile !== undefined && { configFile }),
      ...(plan !== undefined && { plan: parsePlan(JSON.stringify(plan), 'json', 'options.plan') }),
    };
    return { options, generated: generatePlan(source, options) };
  });
  if (given.expectedError != null) return checkError(given.expectedError, answer);
  if (answer instanceof UserError) return [`planning failed: ${answer.message}`];
  return [...checkPlan(given, answer.generated), ...checkNames(given, answer)];
}

type Answer = { readonly options: PlanOptions; readonly generated: GeneratedPlan };

function orUserError(plan: () => Answer): Answer | UserError {
  try {
    return plan();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Words that every message has; they do not tell one failure from another. */
const COMMON: ReadonlySet<string> = new Set([
  'error',
  'caused',
  'line',
  'column',
  'reading',
  'failed',
  'with',
  'from',
]);

/** Loosely: that it fails, and that a word of the gist is the same. A crash may be any clean answer. */
function checkError(expected: string, answer: Answer | UserError): readonly string[] {
  if (expected === 'panic') return [];
  if (!(answer instanceof UserError)) return [`expected the error "${expected}", got a plan`];
  const said = `${answer.message} ${answer.hint} ${answer.at?.file ?? ''}`.toLowerCase();
  const words = expected.toLowerCase().match(/[a-z0-9_./-]{3,}/g) ?? [];
  const same = words.some((word) => !COMMON.has(word) && said.includes(word));
  return same ? [] : [`expected the error "${expected}", got "${answer.message}"`];
}

function checkPlan(given: ConformanceCase, { plan }: GeneratedPlan): readonly string[] {
  const { expectedPlan, asserts = [] } = given;
  const failed = asserts.flatMap((assert) => failedAssert(assert, plan, ARCH) ?? []);
  if (expectedPlan == null) return failed;
  return [
    ...failed,
    ...differences(comparable(plan), comparable(filledIn(expectedPlan, given))),
    ...assetTexts(expectedPlan, plan),
  ];
}

/** The plan with phase names left out and static assets by key only. */
function comparable(plan: BuildPlan): unknown {
  const phases = Object.entries(plan.phases ?? {}).map(
    ([name, { name: _name, ...phase }]) => [name, phase] as const,
  );
  const assets =
    plan.staticAssets && Object.keys(plan.staticAssets).map((key) => [key, ''] as const);
  return {
    ...plan,
    ...(plan.phases && { phases: Object.fromEntries(phases) }),
    ...(assets && { staticAssets: Object.fromEntries(assets) }),
  };
}

/** The expected plan with its placeholders resolved. */
function filledIn(
  expected: Readonly<Record<string, unknown>>,
  { resolved }: ConformanceCase,
): BuildPlan {
  const plan = structuredClone(expected) as {
    buildImage?: string;
    phases?: Record<string, { nixpkgsArchive?: string }>;
  };
  if (plan.buildImage === '[build_image]' && resolved?.buildImage !== undefined)
    plan.buildImage = resolved.buildImage;
  for (const [name, phase] of Object.entries(plan.phases ?? {})) {
    const archive = resolved?.nixpkgsArchive?.[name];
    if (phase.nixpkgsArchive === '[archive]' && archive !== undefined)
      phase.nixpkgsArchive = archive;
  }
  return plan;
}

/** Assets whose text the case records are the application's own. */
function assetTexts(
  expected: Readonly<Record<string, unknown>>,
  plan: BuildPlan,
): readonly string[] {
  const assets = Object.entries((expected['staticAssets'] ?? {}) as Record<string, string>);
  return assets
    .filter(([, text]) => text !== '[asset]')
    .flatMap(([key, text]) => differences(plan.staticAssets?.[key], text, `$.staticAssets.${key}`));
}

function checkNames(given: ConformanceCase, { options, generated }: Answer): readonly string[] {
  const { plan, subdirectory, providers } = generated;
  // `nixpacks detect` looks into no sub-directory.
  const detected = subdirectory === undefined ? providers : [];
  const facts = Object.entries(given.assetFacts ?? {});
  const compare = (name: string, actual: unknown, expected: unknown): readonly string[] =>
    expected === undefined ? [] : differences(actual, expected, name);
  return [
    ...compare('providers', detected, given.expectedProviders ?? given.resolved?.providers),
    ...compare('subdirectory', subdirectory ?? null, given.expectedSubdirectory),
    ...compare('phase order', phaseOrder(plan), given.expectedPhaseOrder),
    ...compare('Dockerfile', dockerfileLines(given, options, plan), given.expectedDockerfile),
    ...compare('Nix files', nixFacts(plan), given.expectedNixFiles),
    ...compare('assets', assetPaths(plan), given.expectedAssetFiles),
    ...facts.flatMap(([name, expected]) =>
      compare(name, nginxFacts(plan.staticAssets?.[name] ?? ''), expected),
    ),
  ];
}

/** Lines that are not blank, compared as text. Cache mounts are off for NIXPACKS_NO_CACHE in the caller's environment. */
function dockerfileLines(
  { dockerOptions = {} }: ConformanceCase,
  options: PlanOptions,
  plan: BuildPlan,
): readonly string[] {
  const cached = !(options.env ?? []).some((pair) => /^NIXPACKS_NO_CACHE=(?:1|true)$/.test(pair));
  const text = nixpacksDockerfile(plan, cached ? dockerOptions : {});
  return text.split('\n').filter((line) => line.trim() !== '');
}

function nixFacts(plan: BuildPlan): readonly unknown[] {
  return nixFiles(plan).map(({ path, archive, overlays, libs, openssl, pkgs }) => ({
    file: path,
    archive,
    overlays,
    libs,
    opensslDirs: openssl !== undefined,
    pkgs: pkgs.join(' '),
  }));
}

function assetPaths(plan: BuildPlan): readonly string[] {
  return Object.keys(plan.staticAssets ?? {}).map((key) => `.nixpacks/assets/${key}`);
}
