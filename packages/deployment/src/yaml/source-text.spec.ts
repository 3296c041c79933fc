import { inWorkspace } from '@nx-nixpack/base';
import { SourceText } from './source-text.js';

describe('SourceText', () => {
  const source = new SourceText(inWorkspace`f.yaml`, 'a😀b\r\n\n\tc😀');
  const at = (offset: number): string => {
    const { line, column } = source.at(offset);
    return `${line}:${column}`;
  };

  it('counts lines and characters from 1, in any order of questions', () => {
    const offsets = [0, 1, 3, 4, 6, 7, 8, 9, 11];
    const places = ['1:1', '1:2', '1:3', '1:4', '2:1', '3:1', '3:2', '3:3', '3:4'];
    expect(offsets.map(at)).toEqual(places);
    expect([...offsets].reverse().map(at)).toEqual([...places].reverse());
  });
});
