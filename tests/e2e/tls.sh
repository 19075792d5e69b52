#!/bin/bash
# TLS: a server with a wrong name, an expired, self-signed or unknown certificate, an old protocol or a cipher that hides
# nothing gets no byte of HTTP; a good one does.  Proxies and key logs of the environment are ignored, and told; no core.
. "$(dirname "$0")/lib.sh"
start_sandbox
make_store
export PEARLBRIDGE_TIMEOUT_MS=5000
server='' tls=$work/tls
mkdir -p "$tls/stores/abc123/v2" && cd "$tls" || exit 1
printf 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"time":1}' >stores/abc123/v2/time
trap 'stop_server; leave' EXIT
stop_server() { [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null; server=''; }

authority() { # NAME
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 30 -subj "/CN=Test $1" 2>/dev/null
}
certificate() { # NAME AUTHORITY SUBJECT-ALTERNATIVE [openssl x509 arguments]
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=localhost" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -out "$1.pem" \
		-extfile <(echo "subjectAltName=$3") "${@:4}" 2>/dev/null
}
authority ours && authority strangers
certificate good ours DNS:localhost -days 30
certificate other ours DNS:other.example -days 30
certificate unknown strangers DNS:localhost -days 30
certificate expired ours DNS:localhost -days -1
openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key -out self.pem -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
expect_has "the expired one" "$(openssl x509 -in expired.pem -noout -checkend 0)" "will expire"

serve() { # CERTIFICATE [openssl s_server arguments]: its port is then in .env
	stop_server
	openssl s_server -accept 127.0.0.1:0 -cert "$1.pem" -key "$1.key" -HTTP "${@:2}" >"$work/served" 2>&1 &
	server=$!
	local port=''
	for _ in $(seq 200); do
		port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/served" | head -n 1)
		[ -z "$port" ] || break
		kill -0 "$server" 2>/dev/null || { cat "$work/served" && exit 1; }
		sleep 0.05
	done
	env_line BIGCOMMERCE_API_URL "https://localhost:$port"
}
refused() { # CODE WHAT
	run_store "$1" doctor
	expect_no "what the server got: $2" "$(<"$work/served")" "FILE:"
	expect_has "what is told: $2" "$told$said" BigCommerce
}
env_line SSL_CERT_FILE "$tls/ours.pem"

say "a good one"
serve good
run_store 75 doctor # this server has one file alone
expect_has "the file that it has" "$said" "ok       BigCommerce  Information"
expect_has "what the server got" "$(<"$work/served")" "FILE:stores/abc123/v2/time"
say "without our authority in .env, and with one in the environment"
env_line SSL_CERT_FILE
serve good
SSL_CERT_FILE=$tls/ours.pem refused 78 "an authority that .env does not name"
expect_has "what is told" "$told" "certificate of BigCommerce could not be verified"
env_line SSL_CERT_FILE "$tls/nowhere.pem"
run_store 78 doctor
expect_has "what is told" "$told" "SSL_CERT_FILE: cannot read $tls/nowhere.pem"
env_line SSL_CERT_FILE "$tls/ours.pem"
say "wrong certificates"
for name in other unknown expired self; do
	serve $name
	refused 78 $name
	expect_has "what is told of $name" "$told" "nothing was sent"
done
say "old protocols, and what hides nothing"
for version in -tls1 -tls1_1; do
	serve good $version -cipher 'ALL:@SECLEVEL=0'
	refused 75 "$version"
done
serve good -tls1_2 -cipher 'NULL-SHA256:@SECLEVEL=0'
refused 75 "no cipher"
serve good -tls1_2 -cipher 'AECDH-AES128-SHA:@SECLEVEL=0' -nocert
refused 75 "no certificate"

say "a key log and proxies of the environment"
serve good
SSLKEYLOGFILE=$work/keys run_store 75 doctor
expect_eq "keys" "$(ls "$work/keys" 2>/dev/null)" ""
expect_has "what is told" "$told" "ignored, as .env does not name it: SSLKEYLOGFILE"
env_line SSLKEYLOGFILE "$work/keys"
serve good
run_store 75 doctor
expect_has "keys" "$(<"$work/keys")" "_TRAFFIC_SECRET"
expect_has "what is told" "$told" "can read every connection"
env_line SSLKEYLOGFILE
env_line HTTPS_PROXY http://127.0.0.1:1
serve good
refused 75 "a proxy of .env that is not there"
env_line HTTPS_PROXY
env_line BIGCOMMERCE_API_URL "$URL"
for name in http_proxy https_proxy HTTPS_PROXY ALL_PROXY all_proxy; do
	env "$name=http://127.0.0.1:1" timeout "$patience" "$build/pearlbridge" --store "$store" >"$work/said" 2>"$work/told" || bad "with $name: $?"
	expect_eq "how often $name is told" "$(grep -c "ignored, as .env does not name it: $name" "$work/told")" 1
done

say "no core is dumped, whatever the shell allows"
fault api=bigcommerce kind=stall arg=4000 times=-1
(ulimit -c unlimited 2>/dev/null; exec "$build/pearlbridge" --store "$store" doctor >/dev/null 2>&1) &
program=$!
sleep 1
expect_eq "the limit" "$(awk '/^Max core file size/ { print $5, $6 }' /proc/$program/limits)" "0 0"
kill -ABRT $program && wait $program 2>/dev/null
expect_eq "cores" "$(find "$work" -name 'core*')" ""
