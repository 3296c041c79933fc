import {
  documented,
  flag,
  parseYaml,
  readOrThrow,
  settings,
  struct,
  withDefault,
} from '@nx-nixpack/data';
import { sharedFields } from './settings.js';

describe('a new setting of images', () => {
  /** Its line in the schema, and the line of what lowers it. */
  const schema = settings({
    shiny_layers: documented('Whether they shine', withDefault(flag, false)),
  });
  const lowering = struct({ shinyLayers: flag });
  const taken = (text: string) => sharedFields(readOrThrow(schema, parseYaml(text)), lowering);

  it('goes from the file to lowering without a line of its own', () => {
    expect(taken('shiny_layers: true')).toEqual({ shinyLayers: true });
    expect(taken('{}')).toEqual({ shinyLayers: false });
  });

  it('does not when lowering takes it in another form', () => {
    expect(sharedFields({ shinyLayers: true }, lowering, ['shinyLayers'])).toEqual({});
  });

  it('stays behind when lowering does not ask for it', () => {
    expect(sharedFields({ publish: true }, lowering)).toEqual({});
  });
});
