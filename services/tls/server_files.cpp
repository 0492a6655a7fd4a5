#include "services/tls/server_files.hpp"

#include "services/tls/certificate_checks.hpp"
#include "services/tls/server_pair.hpp"

namespace darkroom {

namespace {

/// Clients compare the name that they asked for with these only.
bool has_names(const X509* certificate) {
  openssl_ptr<GENERAL_NAMES> names{static_cast<GENERAL_NAMES*>(
    X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  return names && sk_GENERAL_NAME_num(names.get()) > 0;
}

/// Each certificate of the file must be signed by the next one, since few
/// clients look for a better order.
bool is_in_order(const std::vector<certificate_ptr>& chain) {
  for (size_t i = 1; i < chain.size(); ++i)
    if (X509_check_issued(chain[i].get(), chain[i - 1].get()) != X509_V_OK)
      return false;
  return true;
}

void add_warnings(const server_files& files, server_pair& pair) {
  auto& out = pair.facts.warnings;
  warn_of_readers(files.key, out);
  if (!has_names(pair.chain.front().get()))
    out.push_back("certificate '" + files.certificate
                  + "' has no subjectAltName: browsers refuse it");
  if (!is_in_order(pair.chain))
    out.push_back("certificate '" + files.certificate
                  + "' is followed by one that has not signed it: each must be "
                    "signed by the next one");
}

} // namespace

server_files server_files_of(const http_settings& http) {
  return {http.tls_certificate, http.tls_key};
}

bool has_tls(const http_settings& http) {
  return !http.tls_certificate.empty();
}

result<server_pair> read_server_pair(const server_files& files, int64_t now) {
  auto chain = read_certificates(files.certificate);
  if (!chain)
    return std::move(chain.error());
  auto key = read_key(files.key);
  if (!key)
    return std::move(key.error());
  server_pair out{std::move(*chain), std::move(*key), {}};
  auto* own = out.chain.front().get();
  if (auto valid = check_time(own, files.certificate, now, "renew it"); !valid)
    return std::move(valid.error());
  if (auto fits = check_key(own, out.key.get(), files.certificate, files.key);
      !fits)
    return std::move(fits.error());
  if (X509_check_purpose(own, X509_PURPOSE_SSL_SERVER, 0) != 1)
    return fail(ec::bad_config, "certificate '" + files.certificate
                                  + "' is not made for TLS servers "
                                    "(extendedKeyUsage serverAuth)");
  out.facts.name = name_of(own);
  out.facts.until = end_of(own) * 1000;
  add_warnings(files, out);
  return out;
}

result<server_facts> check_server_files(const server_files& files,
                                        int64_t now) {
  auto pair = read_server_pair(files, now);
  if (!pair)
    return std::move(pair.error());
  return std::move(pair->facts);
}

result<std::string> own_certificate(const std::string& path) {
  auto chain = read_certificates(path);
  if (!chain)
    return std::move(chain.error());
  return pem_of(chain->front().get());
}

} // namespace darkroom
