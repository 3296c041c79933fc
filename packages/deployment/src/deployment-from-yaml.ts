import { normalizePath, type Position } from '@nx-nixpack/base';
import type { Named } from './schema/combinators/collections.js';
import type { Placed } from './schema/checker.js';
import type {
  Component,
  ComponentType,
  ConsumerComponent,
  Deployment,
  ImageVars,
  NixpackComponent,
  NixpackSettings,
  NixpackVars,
  Secret,
  Target,
} from './component.js';
import { COMPONENT_TYPES, type Dependencies } from './rules/dependencies.js';
import type { RawConsumer, RawDeployment, RawImage, RawTargets } from './schema/schema.js';
import type { SourceText } from './yaml/source-text.js';
import { renderTemplate } from './templates/template.js';

/** The one place where the keys of the file (`snake_case`) become ours (`camelCase`), and where defaults are filled in. */

export interface CheckedFile {
  readonly raw: RawDeployment;
  readonly source: SourceText;
  readonly dependencies: Dependencies;
}

/** The deployment of a file in which nothing is wrong. */
export function deploymentFromYaml(checked: CheckedFile): Deployment {
  const { raw, source } = checked;
  const name = needed(raw.name);
  return {
    file: source.file,
    at: source.at(name.at),
    name: name.value,
    ...given('description', raw.description),
    labels: raw.labels ?? {},
    stacks: raw.stacks ?? [],
    ...given('defaultTarget', raw.context?.default_target?.value),
    promoteBy: raw.context?.promote_by ?? 'digest',
    components: COMPONENT_TYPES.flatMap((type) => componentsOf(checked, type)),
    targets: (raw.targets ?? []).map(targetOf),
  };
}

function componentsOf(checked: CheckedFile, type: ComponentType): readonly Component[] {
  const { raw } = checked;
  if (type === 'nixpack')
    return (raw.components?.nixpack ?? []).map((named) => imageComponent(named, checked));
  return (raw.components?.[type] ?? []).map((named) => consumer(named, type, checked));
}

function targetOf({ name, value }: RawTargets[number]): Target {
  const { labels, context, promotion } = needed(value);
  return {
    name,
    labels: labels ?? {},
    context: context ?? {},
    ...(promotion && {
      promotion: {
        ...given('from', promotion.from?.value),
        requiresApproval: promotion.requires_approval ?? false,
      },
    }),
  };
}

interface Shared {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
  readonly dependsOnAt: readonly Position[];
  readonly at: Position;
}

function shared(
  { name, at, value }: Named<RawImage | RawConsumer>,
  type: ComponentType,
  { source, dependencies }: CheckedFile,
  render: (text: string) => string,
): Shared {
  const id = `${type}/${name}`;
  const entries: readonly Placed<string>[] = dependencies.get(id) ?? [];
  return {
    id,
    name,
    labels: mapValues(value?.metadata?.labels, render),
    dependsOn: entries.map((entry) => entry.value),
    dependsOnAt: entries.map((entry) => source.at(entry.at)),
    at: source.at(at),
  };
}

function consumer(
  named: Named<RawConsumer>,
  type: ConsumerComponent['type'],
  checked: CheckedFile,
): ConsumerComponent {
  const { vars, settings, env } = needed(named.value);
  return {
    ...shared(named, type, checked, renderer(checked, named.name)),
    type,
    vars: vars ?? {},
    settings: settings ?? {},
    env: env ?? {},
  };
}

function imageComponent(named: Named<RawImage>, checked: CheckedFile): NixpackComponent {
  const { vars, settings } = needed(named.value);
  const render = renderer(checked, named.name);
  return {
    ...shared(named, 'nixpack', checked, render),
    type: 'nixpack',
    vars: varsOf(needed(vars), render),
    settings: settingsOf(settings?.nixpack ?? {}),
  };
}

type RawVars = NonNullable<RawImage['vars']>;

function varsOf(raw: RawVars, render: (text: string) => string): NixpackVars {
  const command = (text: string | undefined) => (text === undefined ? undefined : render(text));
  return {
    source: needed(normalizePath(needed(raw.source).value)),
    ...given('installCmd', command(raw.install_cmd)),
    ...given('buildCmd', command(raw.build_cmd)),
    ...given('startCmd', command(raw.start_cmd)),
    pkgs: raw.pkgs ?? [],
    aptPkgs: raw.apt_pkgs ?? [],
    libs: raw.libs ?? [],
    ...given('providers', raw.providers),
    ...given('config', normalized(raw.config)),
    workspace: raw.workspace ?? 'auto',
    include: raw.include ?? [],
    ...given('prebuilt', prebuiltOf(raw.prebuilt)),
    buildEnv: mapValues(raw.build_env, render),
    env: mapValues(raw.env, render),
    image: imageOf(raw.image ?? {}),
  };
}

const normalized = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : normalizePath(path);

function prebuiltOf(raw: RawVars['prebuilt']): NixpackVars['prebuilt'] {
  if (raw === undefined) return undefined;
  return { target: needed(raw.value.target), path: needed(normalized(raw.value.path)) };
}

function imageOf(raw: NonNullable<RawVars['image']>): ImageVars {
  return {
    ...given('registry', raw.registry),
    ...given('name', raw.name?.value),
    ...given('tag', raw.tag),
    tags: raw.tags ?? [],
    labels: raw.labels ?? {},
    ports: raw.ports ?? [],
  };
}

type RawSettings = NonNullable<NonNullable<RawImage['settings']>['nixpack']>;

function settingsOf(raw: RawSettings): NixpackSettings {
  return {
    publish: raw.publish ?? true,
    dockerfileEscape: raw.dockerfile_escape ?? false,
    sbom: { require: raw.sbom?.require ?? false, formats: raw.sbom?.formats ?? ['cyclonedx-json'] },
    engine: raw.engine ?? 'auto',
    ...given('buildImage', raw.build_image?.value),
    ...given('runImage', raw.run_image?.value),
    toolchain: raw.toolchain ?? 'nix',
    platforms: raw.platforms ?? ['linux/amd64'],
    user: raw.user ?? '65532:65532',
    network: raw.network ?? {},
    devDependencies: raw.dev_dependencies ?? 'auto',
    requireLock: raw.requireLock ?? false,
    secrets: mapValues(raw.secrets, secretOf),
  };
}

/** A file is read by whoever opens it; a variable is seen by every program, so the phase that needs it alone gets it. */
function secretOf({
  env,
  as = 'file',
  phases,
}: NonNullable<RawSettings['secrets']>[string]): Secret {
  const lent = phases ?? (as === 'variable' ? ['install'] : undefined);
  return { env: needed(env), as, ...given('phases', lent) };
}

/** Fills in what is known before anything is built, so that nobody after this need know of these templates. */
function renderer({ raw }: CheckedFile, component: string): (text: string) => string {
  const values = new Map([
    ['deployment.name', needed(raw.name).value],
    ['component.name', component],
  ]);
  return (text) => renderTemplate(text, values);
}

function mapValues<T, U>(
  values: Readonly<Record<string, T>> | undefined,
  change: (value: T) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, change(value)]),
  );
}

function given<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
}

/** What the checks have seen to; its absence is a bug of ours. */
function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a checked deployment file lacks a required value');
  return value;
}
