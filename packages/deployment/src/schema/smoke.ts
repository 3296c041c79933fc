import { quote } from '@nx-nixpack/base';
import {
  documented,
  integer,
  mapOf,
  optional,
  pattern,
  refine,
  rewritten,
  settings,
  textOf,
  withDefault,
  type Infer,
  type Shape,
  type Slot,
} from '@nx-nixpack/data';
import { literal, rendered, word } from './combinators/texts.js';
import { environmentName } from './grammars/names.js';

const urlPath = pattern(/^\/[!-~]*$/, 2048, 'Write a path that begins with a slash: /health.');
const mode = word('auto', 'off', 'require');

export const SMOKE = settings({
  mode: documented(
    '`auto` warns of an image that does not run, `require` fails the build, `off` starts nothing',
    withDefault(mode, 'auto'),
  ),
  http: documented(
    'A path that must be answered with a status below 400; without it any answer does',
    optional(literal({ grammar: urlPath })),
  ),
  command: documented(
    'Run in the image in place of its start command; it must end with exit code 0',
    optional(rendered()),
  ),
  port: documented(
    'Where it must listen; default one of `ports`, `PORT`, or what is usual for its language',
    optional(integer(1, 65535)),
  ),
  seconds: documented('How long it may take; default 60', optional(integer(1, 3600))),
  env: documented(
    'Variables for this start alone; they are in no image',
    withDefault(
      mapOf(literal({ code: 'CONFIG_INVALID_NAME', grammar: environmentName }), rendered()),
      {},
    ),
  ),
});

export type Smoke = Infer<typeof SMOKE>;

/** One word is its mode. */
export const smoke: Shape<Smoke> = {
  ...rewritten(
    refine(SMOKE, ({ http, port, command }) => {
      const asked = http === undefined ? 'port' : 'http';
      if (command === undefined || (http ?? port) === undefined) return undefined;
      const message = `${quote(asked)} asks the program that ${quote('command')} takes the place of`;
      return { message, hint: `Leave out ${asked} or command.` };
    }),
    longForm,
  ),
  form: { kind: 'either', shapes: [mode, SMOKE] },
};

function longForm(slot: Slot): Slot {
  const { node, keyAt } = slot;
  if (textOf(node) === undefined) return slot;
  const entries = [{ key: 'mode', offset: keyAt, value: node }];
  return { ...slot, node: { kind: 'map', entries, offset: node.offset } };
}
