import { requireNx } from './require-nx.js';

describe('requireNx', () => {
  it.each(['22.7.0', '22.10.3', '23.0.0-rc.1', '24.0.6'])('takes %s', (version) => {
    expect(() => requireNx(version)).not.toThrow();
  });

  it.each(['22.6.5', '21.9.0', '16.0.0'])('refuses %s and says what to run', (version) => {
    expect(() => requireNx(version)).toThrow(
      new RegExp(`needs Nx 22\\.7 or newer, and this workspace has Nx ${version}.*nx migrate 22`),
    );
  });

  it('takes the one that is installed', () => {
    expect(() => requireNx()).not.toThrow();
  });
});
