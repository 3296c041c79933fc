import { joinPath, parentOf, type WorkspacePath } from './path.js';
import { inWorkspace, workspacePath } from './workspace-path.js';

describe('workspacePath', () => {
  it.each([
    ['./libs//greeting/', 'libs/greeting'],
    ['libs/../apps/api', 'apps/api'],
    ['.', ''],
    ['', ''],
  ])('normalizes %j', (text, path) => {
    expect(workspacePath(text)).toBe(path);
  });

  it.each(['/libs', 'C:/libs', '..', '../libs', 'libs/../../apps'])('refuses %s', (text) => {
    expect(workspacePath(text)).toBeUndefined();
  });

  it('stays one below and above', () => {
    const path: WorkspacePath = joinPath(inWorkspace`libs`, 'greeting');
    const parent: WorkspacePath = parentOf(path);
    expect([path, parent]).toEqual(['libs/greeting', 'libs']);
  });

  it('spells out no path that leaves', () => {
    expect(() => inWorkspace`../${'libs'}`).toThrow('../libs leaves the workspace');
  });
});
