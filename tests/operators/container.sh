# The container's life without its engine: namespaces of its own for mounts and network, a root that nobody can write,
# the image's user without any capability, its variables, its health check and its signal. Argument 1: a folder with
# config.toml, token, environment (NAME=VALUE a line), health.py, and `readable`: folders that the user must reach.
set -eu
given=$1 prefix=$2
mount -t tmpfs tmpfs /mnt
cp -r "$given" /mnt/given && chmod -R a+rX /mnt/given
# What lies below a home that is root's alone is brought out of it.
while read -r shut path; do
  mkdir -p /mnt/held && mount --bind "$path" /mnt/held
  mount -t tmpfs -o mode=755 tmpfs "$shut" && mkdir -p "$path" && mount --move /mnt/held "$path"
done < /mnt/given/readable
mount -t tmpfs -o mode=755 tmpfs /opt && mkdir /opt/monitor && mount --bind "$prefix" /opt/monitor
mkdir /mnt/up /mnt/work && mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work overlay /etc
mkdir -p /etc/monitor && cp /mnt/given/config.toml /etc/monitor/
mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/secrets && install -m 0444 /mnt/given/token /run/secrets/monitor_token
mount -t tmpfs -o mode=755 tmpfs /var/lib && mkdir /var/lib/monitor
mount -t tmpfs -o mode=0700,uid=10001,gid=10001 tmpfs /var/lib/monitor
awk '{ print $2 }' /proc/self/mounts | sort -u | while read -r place; do
  case $place in /proc*|/dev*|/sys*|/var/lib/monitor) ;; *) mount -o remount,bind,ro "$place" || true ;; esac
done
mount -t tmpfs -o mode=1777 tmpfs /tmp
python=/opt/monitor/bin/python
$python -c "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))" # lo up
cd /var/lib/monitor
as_user() {
  setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i $(cat /mnt/given/environment) "$@"
}
as_user touch /opt/monitor/written 2>/dev/null && { echo "the root can be written"; exit 9; }
as_user touch /etc/monitor/written 2>/dev/null && { echo "the configuration can be written"; exit 9; }
as_user monitor run & 
tries=0
until as_user python /mnt/given/health.py 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 60 ] || { echo "never healthy"; exit 8; }
  kill -0 $! || { echo "it ended"; exit 7; }
  sleep 0.5
done
echo "healthy as $(as_user id -u), files: $(ls /var/lib/monitor | tr '\n' ' ')"
kill -TERM "$(cat /proc/$!/task/$!/children | tr -d ' ' || true)" 2>/dev/null || kill -TERM $!
wait $! && echo "ended well"
