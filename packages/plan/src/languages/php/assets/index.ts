import { NGINX_TEMPLATE } from './nginx-template.js';
import { PHP_FPM_CONF } from './php-fpm-conf.js';
import { PRESTART, TEMPLATE } from './prestart.js';
import { CMD, LARAVEL, LOGGER, NIX } from './script-modules.js';

/** Everything that a PHP image has below /assets. */
export const PHP_ASSETS = {
  'nginx.template.conf': NGINX_TEMPLATE,
  'php-fpm.conf': PHP_FPM_CONF,
  'scripts/config/template.mjs': TEMPLATE,
  'scripts/prestart.mjs': PRESTART,
  'scripts/util/cmd.mjs': CMD,
  'scripts/util/laravel.mjs': LARAVEL,
  'scripts/util/logger.mjs': LOGGER,
  'scripts/util/nix.mjs': NIX,
} as const;
