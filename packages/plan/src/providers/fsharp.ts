import { dotnetPlan } from '../dotnet/dotnet-plan.js';
import type { Provider } from '../provider.js';

const PROJECTS = '*.fsproj';

export const fsharp: Provider = {
  name: 'f#',

  detect: (source) => source.files(PROJECTS).length > 0,

  plan: (source) =>
    dotnetPlan(source, PROJECTS, {
      subject: 'SDK',
      choice: 'dotnet-sdk',
      because: 'there is only one',
    }),
};
