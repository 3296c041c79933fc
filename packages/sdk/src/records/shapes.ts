import { PLATFORMS } from '@nx-nixpack/data';
import { MEDIA_TYPES } from '@nx-nixpack/oci';
import { COMPAT_VERSION } from './records.js';
import { count, digest, flag, list, mapOf, oneOf, record, text, type Shape } from './shape.js';

const texts = list(text);
const textMap = mapOf(text);
const schemaVersion = oneOf(1);
const compatVersion = oneOf(COMPAT_VERSION);
const platform = oneOf(...PLATFORMS);
const pin = record({ reference: text }, { digest, component: text });

const phase = record(
  {},
  {
    name: text,
    dependsOn: texts,
    nixPkgs: texts,
    nixLibs: texts,
    nixOverlays: texts,
    nixpkgsArchive: text,
    aptPkgs: texts,
    cmds: texts,
    onlyIncludeFiles: texts,
    cacheDirectories: texts,
    paths: texts,
  },
);
const start = record({}, { cmd: text, runImage: text, onlyIncludeFiles: texts, user: text });
const plan = record(
  {},
  {
    providers: texts,
    buildImage: text,
    variables: textMap,
    staticAssets: textMap,
    phases: mapOf(phase),
    start,
  },
);
const hints = record(
  {},
  {
    installInputs: texts,
    installInputsReason: text,
    setupCommands: texts,
    outputs: texts,
    writable: texts,
    ports: list(count),
    dropDevDependencies: text,
    dependencyDirectories: texts,
  },
);
const source = record({
  directory: text,
  workspace: oneOf('auto', 'off', 'whole'),
  include: texts,
  digest,
  placedAt: text,
  members: list(record({ directory: text, name: text })),
  edges: list(record({ from: text, to: text, why: text })),
});
const settings = record({
  toolchain: oneOf('nix', 'base'),
  platforms: list(platform),
  user: text,
  env: textMap,
  buildEnv: textMap,
  network: mapOf(flag),
  devDependencies: record({ drop: flag, reason: text }, { members: texts }),
  ports: list(count),
  labels: textMap,
  secrets: mapOf(record({ env: text, as: oneOf('file', 'variable') }, { phases: texts })),
  created: count,
});

export const PLAN_SHAPE: Shape = record({
  schemaVersion,
  compatVersion,
  deployment: text,
  component: text,
  providers: texts,
  plan,
  hints,
  source,
  bases: record({ build: pin }, { run: pin }),
  settings,
});

const base = record({ ref: text, digest });
const layer = record(
  {
    digest,
    diffId: digest,
    size: count,
    mediaType: oneOf(...Object.values(MEDIA_TYPES).filter((type) => /layer|rootfs/.test(type))),
    origin: oneOf('base', 'own'),
  },
  { name: text },
);

export const IMAGE_SHAPE: Shape = record(
  {
    schemaVersion,
    deployment: text,
    component: text,
    provider: text,
    engine: oneOf('embedded', 'buildkit', 'buildah'),
    digest,
    mediaType: oneOf(MEDIA_TYPES.manifest, MEDIA_TYPES.dockerManifest),
    size: count,
    platforms: list(record({ platform, digest })),
    base,
    layers: list(layer),
    sourceDigest: digest,
    planDigest: digest,
    compatVersion,
  },
  { runBase: base },
);

const format = oneOf('cyclonedx-json', 'spdx-json');

export const SBOM_SHAPE: Shape = record({
  schemaVersion,
  deployment: text,
  component: text,
  imageDigest: digest,
  planDigest: digest,
  documents: list(record({ format, path: text, digest })),
  packages: count,
  packagesByType: mapOf(count),
  completeness: textMap,
  problems: list(record({ path: text, message: text })),
});
