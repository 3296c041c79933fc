import { isLoopback } from './loopback.js';

describe('isLoopback', () => {
  it.each([
    'localhost',
    'LOCALHOST.',
    'a.localhost:5000',
    '127.0.0.1',
    '127.9.9.9:80',
    '[::1]:443',
  ])('takes %s for this machine', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    'localhost.example.com',
    'localhost.example.com:5000',
    '127.example.com',
    '127.0.0.1.example.com',
    'notlocalhost',
    '[::2]',
    '10.0.0.1',
  ])('does not take %s for this machine', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
