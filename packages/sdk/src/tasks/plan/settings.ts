import { compareText } from '@nx-nixpack/base';
import { renderTemplate } from '@nx-nixpack/deployment';
import type { Shape } from '@nx-nixpack/data';
import type { Deployment, NixpackComponent, NixpackSettings } from '@nx-nixpack/deployment';
import type { DevDependencies, LowerSettings } from '@nx-nixpack/engine';
import { lowerSettings } from '@nx-nixpack/engine/settings';
import type { BuildPlan, Hints } from '@nx-nixpack/plan';
import { labelsInImage } from '../../records/labels.js';
import type { SourceContext } from '../../source/source-context.js';

/** The part of an image's settings that the deployment file alone decides. */
export type WrittenSettings = Omit<LowerSettings, 'devDependencies' | 'sourceDirectory'>;

/** Settings that lowering takes in another form than the file has. */
const CHANGED = ['devDependencies', 'secrets'] as const;
type TakenAsWritten = Pick<
  NixpackSettings,
  Exclude<keyof NixpackSettings & keyof LowerSettings, (typeof CHANGED)[number]>
>;

/** What has the same name in the deployment file and in lowering goes from one to the other: nothing is to be done here for a new setting. */
const takenAsWritten = (settings: NixpackSettings): TakenAsWritten =>
  sharedFields(settings, lowerSettings, CHANGED) as TakenAsWritten;

/** The members of a value that a struct has fields for. */
export function sharedFields(
  value: Readonly<Record<string, unknown>>,
  { form }: Shape<unknown>,
  except: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const fields = form.kind === 'struct' ? Object.keys(form.fields) : [];
  const shared = fields.filter((name) => Object.hasOwn(value, name) && !except.includes(name));
  return Object.fromEntries(shared.map((name) => [name, value[name]]));
}

export const writtenSettings = (
  deployment: Deployment,
  component: NixpackComponent,
): WrittenSettings => ({
  ...takenAsWritten(component.settings),
  env: component.vars.env,
  buildEnv: component.vars.buildEnv,
  secrets: Object.entries(component.settings.secrets)
    .map(([name, { as, phases }]) => ({ name, as, ...(phases ? { phases } : {}) }))
    .sort((a, b) => compareText(a.name, b.name)),
  ports: component.vars.image.ports,
  labels: renderedLabels(deployment, component),
  created: 0,
  cacheScope: `${deployment.name}/${component.name}`,
});

export const imageSettings = (
  deployment: Deployment,
  component: NixpackComponent,
  hints: Hints,
  context: SourceContext,
  plan: BuildPlan,
): LowerSettings => ({
  ...writtenSettings(deployment, component),
  devDependencies: devDependencies(component, hints, context, plan),
  sourceDirectory: context.sourceDirectory,
});

/** Where each secret is read from. */
export const secretVariables = ({ settings }: NixpackComponent): Record<string, string> =>
  Object.fromEntries(Object.entries(settings.secrets).map(([name, { env }]) => [name, env]));

/** Dropped unless a command of the user's own may have put something outside of /app, which an image that is assembled anew would lack. */
function devDependencies(
  { settings, vars }: NixpackComponent,
  hints: Hints,
  { closure }: SourceContext,
  plan: BuildPlan,
): DevDependencies {
  const members = (closure?.members ?? []).filter(({ runtime }) => !runtime);
  const dropped = (reason: string): DevDependencies => ({
    drop: true,
    reason,
    members: members.map(({ directory }) => directory),
  });
  if (hints.dropDevDependencies === undefined)
    return { drop: false, reason: hints.keepDevDependencies ?? 'the provider knows none' };
  if (settings.devDependencies !== 'auto')
    return settings.devDependencies === 'drop'
      ? dropped('dev_dependencies is drop')
      : { drop: false, reason: 'dev_dependencies is keep' };
  if (closure) return dropped('the source is part of a workspace');
  const runImage = settings.runImage ?? plan.start?.runImage;
  if (runImage !== undefined) return dropped('there is a run image');
  if (settings.toolchain === 'debian') return dropped('the image is assembled without its build');
  const own = commandOutside(vars, plan);
  if (own !== undefined)
    return { drop: false, reason: `${own} may have put something outside of /app` };
  return dropped('the image does not need it');
}

const OUTSIDE = /\s(?:-g|--global)\b|\bglobal add\b|\bcorepack\b|\bapt(?:-get)?\b|\bsudo\b/;

/** A command of a build that does more than what stays in /app, or may. */
function commandOutside(
  { installCmd, buildCmd }: NixpackComponent['vars'],
  { phases = {} }: BuildPlan,
): string | undefined {
  if (installCmd !== undefined) return 'install_cmd';
  if (buildCmd !== undefined) return 'build_cmd';
  const commands = Object.entries(phases).flatMap(([name, { cmds = [] }]) =>
    name === 'setup' ? [] : cmds,
  );
  const found = commands.find((command) => OUTSIDE.test(command));
  return found === undefined ? undefined : `\`${found}\``;
}

/** What is in the image may name the deployment and the component, nothing that changes between builds. */
function renderedLabels(
  deployment: Deployment,
  { name, vars }: NixpackComponent,
): Record<string, string> {
  const known = new Map([
    ['deployment.name', deployment.name],
    ['component.name', name],
  ]);
  const labels = Object.entries(labelsInImage(vars.image.labels));
  return Object.fromEntries(labels.map(([key, value]) => [key, renderTemplate(value, known)]));
}
