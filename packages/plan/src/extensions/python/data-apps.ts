import type { SourceTree } from '../../source/source-tree.js';
import { portOr, startExtension } from '../start.js';
import { requires } from './dependencies.js';
import { isPlain, modules, type Module } from './modules.js';

const STREAMLIT_PORT = 8501;
const GRADIO_PORT = 7860;
const DASH_PORT = 8050;
const CHAINLIT_PORT = 8000;

/** Streamlit's own server starts the script that uses it. */
export const streamlit = startExtension('streamlit', ['python'], ({ source }) => {
  const script = scriptUsing(source, 'streamlit');
  if (script === undefined) return undefined;
  return {
    cmd: `streamlit run ${script.path} --server.port ${portOr(STREAMLIT_PORT)} --server.address 0.0.0.0 --server.headless true`,
    because: `${script.path} imports streamlit`,
    guess: severalScripts(source, 'streamlit', script),
    port: STREAMLIT_PORT,
  };
});

/** Gradio's server reads where to listen from its own variables. */
export const gradio = startExtension('gradio', ['python'], ({ source }) => {
  const script = scriptUsing(source, 'gradio');
  if (script === undefined || !/\.launch\(/.test(script.text)) return undefined;
  return {
    cmd: `GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=${portOr(GRADIO_PORT)} python ${script.path}`,
    because: `${script.path} launches Gradio`,
    guess: severalScripts(source, 'gradio', script),
    port: GRADIO_PORT,
  };
});

/** Dash reads HOST and PORT. */
export const dash = startExtension('dash', ['python'], ({ source }) => {
  const script = scriptUsing(source, 'dash');
  if (script === undefined || !/\bDash\(/.test(script.text)) return undefined;
  return {
    cmd: `HOST=0.0.0.0 PORT=${portOr(DASH_PORT)} python ${script.path}`,
    because: `${script.path} makes a Dash application`,
    port: DASH_PORT,
  };
});

export const chainlit = startExtension('chainlit', ['python'], ({ source }) => {
  const script = scriptUsing(source, 'chainlit');
  if (script === undefined) return undefined;
  return {
    cmd: `chainlit run ${script.path} --headless --host 0.0.0.0 --port ${portOr(CHAINLIT_PORT)}`,
    because: `${script.path} imports chainlit`,
    port: CHAINLIT_PORT,
  };
});

/** The script nearest to the root that imports a distribution which is required. */
function scriptUsing(source: SourceTree, distribution: string): Module | undefined {
  return requires(source, distribution) ? scripts(source, distribution)[0] : undefined;
}

const scripts = (source: SourceTree, distribution: string): readonly Module[] => {
  const imports = new RegExp(`^\\s*(?:import|from)\\s+${distribution}\\b`, 'm');
  return modules(source).filter((each) => isScript(each) && imports.test(each.text));
};

/** Pages of a multi-page application have no name that can be imported; their path must be plain all the same. */
const isScript = (module: Module): boolean =>
  isPlain(module) && !/(?:^|\/)pages\//.test(module.path);

function severalScripts(
  source: SourceTree,
  distribution: string,
  chosen: Module,
): string | undefined {
  const others = scripts(source, distribution).filter(({ path }) => path !== chosen.path);
  if (others.length === 0) return undefined;
  const [first] = others;
  return `${chosen.path} is one of ${others.length + 1} scripts that import ${distribution} (another is ${first?.path ?? ''}): set start_cmd for another one`;
}
