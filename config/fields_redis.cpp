/// Rows of redis.
#include "config/fields.hpp"

namespace darkroom {

namespace {

using r = redis_settings;
constexpr rows_of<&settings::redis> redis_rows{"redis"};

std::vector<field> redis_address_fields() {
  return {
    redis_rows
      .text<&r::host>("host",
                      "Host name or address of the Redis that keeps the queue.")
      .required()
      .env("REDIS_HOST"),
    redis_rows.number<&r::port>("port", 1, 65535, "TCP port of that Redis.")
      .env("REDIS_PORT"),
    redis_rows
      .text<&r::username>("username",
                          "ACL user; empty means Redis's default user.")
      .env("REDIS_USERNAME"),
    redis_rows
      .text<&r::password>(
        "password", "Password of that user; empty means none is asked for.")
      .secret()
      .env("REDIS_PASSWORD"),
    redis_rows.number<&r::database>(
      "database", 0, 1000000, "Number of the database, as SELECT takes it."),
  };
}

std::vector<field> redis_tls_fields() {
  return {
    redis_rows
      .flag<&r::tls>("tls", "Whether to speak TLS to Redis, and to Sentinels; "
                            "REDIS_URL=rediss://… says so, too.")
      .env("REDIS_TLS"),
    redis_rows.text<&r::tls_ca>(
      "tls_ca", "PEM file of the CA that signed the server's certificate; "
                "empty means those that the system trusts."),
    redis_rows.text<&r::tls_certificate>(
      "tls_certificate",
      "PEM file of our certificate, for a server that asks for one "
      "(tls-auth-clients, Redis's default)."),
    redis_rows.text<&r::tls_key>("tls_key",
                                 "PEM file of that certificate's key."),
    redis_rows.text<&r::tls_name>(
      "tls_name", "Name that the server's certificate must have; empty means "
                  "the host name or address that we connect to."),
  };
}

std::vector<field> redis_sentinel_fields() {
  return {
    redis_rows
      .list<&r::sentinels>(
        "sentinels", "Sentinels, which are asked in turn where the master is; "
                     "then host and port count for nothing.")
      .unit("\"host:port\"")
      .env("REDIS_SENTINELS"),
    redis_rows
      .text<&r::sentinel_master>("sentinel_master",
                                 "What these Sentinels call the master.")
      .required(),
    redis_rows.text<&r::sentinel_username>(
      "sentinel_username", "ACL user at the Sentinels; empty means their "
                           "default user."),
    redis_rows
      .text<&r::sentinel_password>(
        "sentinel_password",
        "Password at the Sentinels; empty means none is asked for.")
      .secret()
      .env("REDIS_SENTINEL_PASSWORD"),
  };
}

std::vector<field> redis_time_fields() {
  return {
    redis_rows.duration<&r::connect_timeout>(
      "connect_timeout", 50, minute,
      "A healthy Redis accepts within 10 ms; what takes this long is down."),
    redis_rows.duration<&r::command_timeout>(
      "command_timeout", 100, 10 * minute,
      "The longest script takes under 100 ms; what takes this long hangs."),
  };
}

} // namespace

std::vector<field> redis_fields() {
  std::vector<field> out;
  for (auto make : {redis_address_fields, redis_tls_fields,
                    redis_sentinel_fields, redis_time_fields})
    for (auto& x : make())
      out.push_back(std::move(x));
  return out;
}

} // namespace darkroom
