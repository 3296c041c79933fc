import type { HostKnowledge, Lent } from './language.js';

/** uv and PDM do not read pip's name for the index. */
export function python({ env }: HostKnowledge): Lent {
  const index = env['PIP_INDEX_URL'];
  return { env: index === undefined ? {} : { UV_DEFAULT_INDEX: index, PDM_PYPI_URL: index } };
}
