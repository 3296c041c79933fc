import { SPA_ASSETS, SPA_START, CADDY_PHASE } from '../../languages/node/single-page-app.js';
import type { BuildPlan } from '../../plan/build-plan.js';
import { startExtension, type Start } from '../start.js';
import { PAGES_ASSETS } from './pages-caddyfile.js';
import { needsStart, nodeQuestion, type NodeQuestion } from './project.js';
import { nextOutput, STATIC_TOOLS, type StaticTool } from './static-output.js';

const PORT = 3000;

/** Sites that a build leaves as files, where nixpacks would start a server for developers or nothing: served by caddy as its Vite applications are. */
export const staticSite = startExtension('static-site', ['node'], (asked) => {
  const question = nodeQuestion(asked);
  if (!needsStart(question) && nextOutput(question) === undefined) return undefined;
  for (const tool of STATIC_TOOLS) {
    if (!question.has(tool.dependency)) continue;
    const output = tool.output(question)?.replace(/^\.\//, '');
    if (output !== undefined && /^\w[\w./ -]*$/.test(output)) return served(question, tool, output);
  }
  return undefined;
});

function served(question: NodeQuestion, tool: StaticTool, output: string): Start {
  return {
    cmd: SPA_START,
    because: `${tool.title} leaves its files in ${output}, and caddy serves them`,
    port: PORT,
    plan: withCaddy(withBuild(question, tool), output, tool),
  };
}

function withCaddy(plan: BuildPlan, output: string, { singlePage }: StaticTool): BuildPlan {
  return {
    ...plan,
    variables: { ...plan.variables, NIXPACKS_SPA_OUTPUT_DIR: output },
    staticAssets: { ...plan.staticAssets, ...(singlePage ? SPA_ASSETS : PAGES_ASSETS) },
    phases: { ...plan.phases, caddy: CADDY_PHASE },
  };
}

/** The tool's own command where package.json has no script for it. */
function withBuild({ plan }: NodeQuestion, { build }: StaticTool): BuildPlan {
  const phase = plan.phases?.['build'] ?? { name: 'build', dependsOn: ['install'] };
  if ((phase.cmds ?? []).length > 0) return plan;
  return { ...plan, phases: { ...plan.phases, build: { ...phase, cmds: [build] } } };
}
