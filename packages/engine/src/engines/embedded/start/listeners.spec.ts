import { listenersIn } from './listeners.js';

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue\n';
const row = (local: string, state = '0A'): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1\n`;

it.each([
  ['0100007F:0BB8', '127.0.0.1', 3000],
  ['00000000:1F90', '0.0.0.0', 8080],
  ['00000000000000000000000000000000:1F90', '::', 8080],
  ['00000000000000000000000001000000:0050', '::1', 80],
  ['0000000000000000FFFF00000100007F:0050', '127.0.0.1', 80],
])('reads %s', (local, address, port) => {
  expect(listenersIn(HEADER + row(local))).toEqual([{ address, port }]);
});

it('leaves out connections, and has nothing to say of an empty table', () => {
  expect(listenersIn(HEADER + row('0100007F:0BB8', '01'))).toEqual([]);
  expect(listenersIn('')).toEqual([]);
});
