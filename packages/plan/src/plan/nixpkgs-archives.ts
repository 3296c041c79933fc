/**
 * Commits of nixpkgs that plans name, fetched as `https://github.com/NixOS/nixpkgs/archive/HASH.tar.gz`.
 * Origin: nixpacks 1.41.0 (2025).
 */
export const ARCHIVES = {
  default: '5148520bfab61f99fd25fb9ff7bfbb50dad3c9db',
  debian: 'a0b7e70db7a55088d3de0cc370a59f9fbcc906c3',
  node14: 'bf744fe90419885eefced41b3e5ae442d732712d',
  node18: 'ffeebf0acf3ae8b29f8c7049cd911b9636efd7e7',
  node22: 'e6f23dc08d3624daab7094b701aa3954923c6bbb',
  node24: '23f9169c4ccce521379e602cc82ed873a1f1b52b',
  bun: '31fb21469e34b6b5c7be77b9a35bae43d0c598e9',
  caddy: 'ba913eda2df8eb72147259189d55932012df6301',
  python: 'bc8f8d1be58e8c8383e683a06e1e1e57893fff87',
  go120: '1f13eabcd6f5b00fe9de9575ac52c66a0e887ce6',
  go122: 'e89cf1c932006531f454de7d652163a9a5c86668',
  go123: '05bbf675397d5366259409139039af8077d695ce',
  rust: 'ef56e777fedaa4da8c66a150081523c5de1e0171',
  php: 'e24b4c09e963677b1beea49d411cd315a024ad3a',
  java: '59dc10b5a6f2a592af36375c68fda41246794b86',
  elixir: 'c5702bd28cbde41a191a9c2a00501f18941efbd0',
} as const;

/** Moving branches: a plan that names them is not reproducible with `toolchain: nix` (quirk Q22). */
export const OVERLAYS = {
  npm: 'https://github.com/railwayapp/nix-npm-overlay/archive/main.tar.gz',
  rust: 'https://github.com/oxalica/rust-overlay/archive/master.tar.gz',
} as const;

/** Images that plans name. Origin as above. */
export const IMAGES = {
  build: 'ghcr.io/railwayapp/nixpacks:ubuntu-1745885067',
  debianBuild: 'ghcr.io/railwayapp/nixpacks:debian-1745885067',
  slimRun: 'ubuntu:noble',
} as const;
