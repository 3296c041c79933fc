import { publicText, UserError, type Progress } from '@nx-nixpack/base';
import type { BuildRequest, Engine, StartOptions } from '@nx-nixpack/engine';
import type { PlanRecord, PlatformPlan } from '../records/plan.js';
import type { SmokeSettingsRecord } from '../records/smoke-settings.js';
import { causeOf } from './diagnoses/index.js';
import type { SourceFiles, Trial } from './trial.js';
import { verdictOn } from './verdict.js';

const SECONDS = 60;
const QUIET_SECONDS = 5;
const SHOWN_LINES = 20;
const SHOWN_CHARACTERS = 300;

export interface SmokeTest {
  readonly engine: Engine;
  readonly request: BuildRequest;
  readonly settings: SmokeSettingsRecord;
  readonly plan: Pick<PlanRecord, 'component'>;
  readonly platform: PlatformPlan;
  readonly source: SourceFiles;
  readonly progress: Progress;
}

/**
 * Starts the image that a request was built to, once, and says what was seen. An image that does not run is a warning, or
 * UserError SMOKE_FAILED where the settings require it.
 */
export async function smokeTest(test: SmokeTest): Promise<void> {
  const { engine, request, settings, progress } = test;
  const line = settings.command ?? test.platform.plan.start?.cmd;
  // The base of other images has no program.
  if (settings.mode === 'off' || line === undefined) return;
  if (engine.start === undefined) return cannot(test);
  const env = variablesOf(request);
  const ports = portsOf(test, env);
  progress.step(`smoke    ${startedText(line, ports)}`);
  const outcome = await engine.start({ ...request, start: optionsOf(settings, ports) });
  const trial: Trial = {
    ...{ settings, ports, env, outcome, source: test.source },
    command: line,
    toolchain: test.platform.settings.toolchain,
    user: test.platform.settings.user,
    chosen: new Set(
      Object.keys({ ...test.platform.settings.env, ...test.platform.settings.buildEnv }),
    ),
  };
  const { right, seen } = verdictOn(trial);
  if (right) return progress.step(`smoke    ${test.plan.component} ${seen}`);
  report(test, trial, seen);
}

function cannot({ engine, settings, progress }: SmokeTest): void {
  const message = `The engine ${engine.name} cannot start an image`;
  if (settings.mode === 'auto') return progress.step(`smoke    left out: ${message}`);
  const hint = 'Leave out smoke: require, or build with engine: embedded.';
  throw new UserError({ code: 'SMOKE_FAILED', message, hint });
}

function report({ settings, plan, progress }: SmokeTest, trial: Trial, seen: string): void {
  const { cause, advice } = causeOf(trial);
  const last = trial.outcome.lines.slice(-SHOWN_LINES);
  const lines = last.map((line) => `\n  | ${publicText(line).slice(0, SHOWN_CHARACTERS)}`);
  const message = publicText(`The image of ${plan.component} was built, and ${seen}: ${cause}`);
  const hint = publicText(advice);
  if (settings.mode === 'require')
    throw new UserError({ code: 'SMOKE_FAILED', message: `${message}${lines.join('')}`, hint });
  progress.warn(`${message}. ${hint}${lines.join('')}`);
}

const variablesOf = ({ recipe }: BuildRequest): Map<string, string> =>
  new Map(
    (recipe.config.Env ?? []).map((entry) => {
      const end = entry.indexOf('=');
      return [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );

/** Said, declared, told to the program, or usual for its language: the first of them that names any. */
function portsOf({ settings, platform }: SmokeTest, env: ReadonlyMap<string, string>): number[] {
  if (settings.command !== undefined) return [];
  const told = Number(settings.env['PORT'] ?? env.get('PORT'));
  const ways = [
    settings.port === undefined ? [] : [settings.port],
    platform.settings.ports,
    Number.isInteger(told) && told > 0 && told < 65536 ? [told] : [],
    platform.hints.ports ?? [],
  ];
  return [...(ways.find((ports) => ports.length > 0) ?? [])];
}

const optionsOf = (
  { env, command, http, seconds }: SmokeSettingsRecord,
  ports: readonly number[],
): StartOptions => ({
  ...{ env, ports, path: http ?? '/' },
  ...(command === undefined ? {} : { command }),
  seconds: seconds ?? SECONDS,
  quiet: Math.min(seconds ?? QUIET_SECONDS, QUIET_SECONDS),
});

function startedText(line: string, ports: readonly number[]): string {
  const where = ports.length === 0 ? '' : `, port ${ports.join(' or ')}`;
  return `${publicText(line).replaceAll('\n', '; ').slice(0, 200)}${where}`;
}
