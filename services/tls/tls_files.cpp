#include "services/tls/tls_files.hpp"

#include "services/tls/certificate_checks.hpp"

#include <openssl/x509_vfy.h>

#include <ctime>

namespace darkroom {

namespace {

constexpr auto make_anew = "make a new one with `darkroom tls init`";

error unfit(const std::string& what) {
  return fail(ec::bad_config, what);
}

/// Checks whether a node may use the certificate at this end of a connection.
status check_purpose(X509* x, const std::string& path, int purpose,
                     const char* name) {
  if (X509_check_purpose(x, purpose, 0) == 1)
    return ok;
  return unfit("certificate '" + path + "' is not made for TLS " + name
               + ": nodes need extendedKeyUsage serverAuth and clientAuth");
}

status check_signature(const std::vector<certificate_ptr>& own,
                       const std::vector<certificate_ptr>& authorities,
                       const tls_files& files, int64_t now) {
  openssl_ptr<X509_STORE> store{X509_STORE_new()};
  for (const auto& x : authorities)
    X509_STORE_add_cert(store.get(), x.get());
  std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> between{
    sk_X509_new_null(), [](STACK_OF(X509) * x) {
      sk_X509_free(x);
    }};
  for (size_t i = 1; i < own.size(); ++i)
    sk_X509_push(between.get(), own[i].get());
  openssl_ptr<X509_STORE_CTX> context{X509_STORE_CTX_new()};
  if (X509_STORE_CTX_init(context.get(), store.get(), own.front().get(),
                          between.get())
      != 1)
    return unfit("cannot check certificate '" + files.certificate
                 + "': " + openssl_reason());
  X509_STORE_CTX_set_time(context.get(), 0, now / 1000);
  if (X509_verify_cert(context.get()) == 1)
    return ok;
  auto code = X509_STORE_CTX_get_error(context.get());
  openssl_reason();
  return unfit("certificate '" + files.certificate
               + "' is not signed by the CA in '" + files.ca
               + "': " + X509_verify_cert_error_string(code));
}

} // namespace

std::string utc_text(int64_t ms) {
  std::time_t seconds = ms / 1000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32] = "";
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text;
}

tls_files tls_files_of(const cluster_settings& cluster) {
  return {cluster.tls_certificate, cluster.tls_key, cluster.tls_ca};
}

bool has_tls(const cluster_settings& cluster) {
  return !cluster.tls_certificate.empty();
}

result<tls_facts> check_tls_files(const tls_files& files, int64_t now) {
  auto own = read_certificates(files.certificate);
  if (!own)
    return std::move(own.error());
  auto key = read_key(files.key);
  if (!key)
    return std::move(key.error());
  auto authorities = read_certificates(files.ca);
  if (!authorities)
    return std::move(authorities.error());
  auto* certificate = own->front().get();
  auto* authority = authorities->front().get();
  if (auto valid = check_time(certificate, files.certificate, now, make_anew);
      !valid)
    return std::move(valid.error());
  if (auto fits = check_key(certificate, key->get(), files.certificate,
                            files.key);
      !fits)
    return std::move(fits.error());
  if (auto valid = check_time(authority, files.ca, now, make_anew); !valid)
    return std::move(valid.error());
  for (auto done : {check_signature(*own, *authorities, files, now),
                    check_purpose(certificate, files.certificate,
                                  X509_PURPOSE_SSL_SERVER, "servers"),
                    check_purpose(certificate, files.certificate,
                                  X509_PURPOSE_SSL_CLIENT, "clients")})
    if (!done)
      return std::move(done.error());
  tls_facts out;
  out.name = name_of(certificate);
  out.until = end_of(certificate) * 1000;
  out.ca_name = name_of(authority);
  out.ca_until = end_of(authority) * 1000;
  warn_of_readers(files.key, out.warnings);
  return out;
}

} // namespace darkroom
