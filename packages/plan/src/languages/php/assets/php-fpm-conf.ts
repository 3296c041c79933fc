/** One pool on the loopback address. User and group are ignored unless the image runs as root. */
export const PHP_FPM_CONF = `[global]
error_log = /dev/stderr

[www]
listen = 127.0.0.1:9000
user = nobody
group = nogroup
pm = dynamic
pm.max_children = 50
pm.start_servers = 18
pm.min_spare_servers = 4
pm.max_spare_servers = 32
clear_env = no
catch_workers_output = yes
`;
