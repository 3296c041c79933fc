import { parseJson } from '@nx-nixpack/data';
import { optional, record, text } from '@nx-nixpack/data/first-fault';

import { dotnetPlan } from '../dotnet/dotnet-plan.js';
import { setting } from '../environment.js';
import type { Decision } from '../explanation.js';
import { readManifest } from '../manifest.js';
import { parseInteger } from '../plain-text.js';
import type { Environment, Provider } from '../provider.js';
import type { SourceTree } from '../source-tree.js';

const PROJECTS = '*.csproj';
export const CSHARP_DEFAULT_SDK = 6;
const globalJson = record({ sdk: optional(record({ version: optional(text) })) });

export const csharp: Provider = {
  name: 'c#',

  detect: (source) => source.files(PROJECTS).length > 0,

  plan: (source, env) => dotnetPlan(source, PROJECTS, sdk(source, env)),
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
