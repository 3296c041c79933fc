import { nullable, parseJson, text } from '@nx-nixpack/data';

import { dotnetPlan } from './plan.js';
import { setting } from '../environment.js';
import type { Decision } from '../../plan/explanation.js';
import { facts, readManifest } from '../../source/manifest.js';
import { parseInteger } from '../../source/plain-text.js';
import type { Environment, Provider } from '../provider.js';
import type { SourceTree } from '../../source/source-tree.js';

const CSHARP_PROJECTS = '*.csproj';
const FSHARP_PROJECTS = '*.fsproj';
export const CSHARP_DEFAULT_SDK = 6;
const globalJson = facts({ sdk: nullable(facts({ version: nullable(text()) })) });

export const csharp: Provider = {
  name: 'c#',

  detect: (source) => source.files(CSHARP_PROJECTS).length > 0,

  plan: (source, env) => dotnetPlan(source, CSHARP_PROJECTS, sdk(source, env)),
};

export const fsharp: Provider = {
  name: 'f#',

  detect: (source) => source.files(FSHARP_PROJECTS).length > 0,

  plan: (source) =>
    dotnetPlan(source, FSHARP_PROJECTS, {
      subject: 'SDK',
      choice: 'dotnet-sdk',
      because: 'there is only one',
    }),
};

function sdk(source: SourceTree, env: Environment): Decision & { readonly choice: string } {
  const variable = setting(env, 'CSHARP_SDK_VERSION');
  const file =
    variable === undefined
      ? readManifest(source, 'global.json', parseJson, globalJson)?.sdk?.version
      : undefined;
  const version =
    parseInteger((variable ?? file ?? '').split('.', 1)[0] ?? '', 255) ?? CSHARP_DEFAULT_SDK;
  const choice = version === CSHARP_DEFAULT_SDK ? 'dotnet-sdk' : `dotnet-sdk_${version}`;
  const because =
    variable !== undefined
      ? 'NIXPACKS_CSHARP_SDK_VERSION'
      : file !== undefined
        ? 'sdk.version of global.json'
        : 'the default';
  return { subject: 'SDK', choice, because };
}
