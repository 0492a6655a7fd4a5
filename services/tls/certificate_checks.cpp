#include "services/tls/certificate_checks.hpp"

#include "services/tls/tls_files.hpp"

#include <sys/stat.h>

namespace darkroom {

status check_time(const X509* certificate, const std::string& path, int64_t now,
                  const char* advice) {
  auto what = "certificate '" + path + "' of " + name_of(certificate);
  auto end = end_of(certificate) * 1000;
  if (now >= end) // OpenSSL counts the last second as expired, too
    return fail(ec::bad_config,
                what + " expired on " + utc_text(end) + ": " + advice);
  auto begin = begin_of(certificate) * 1000;
  if (now < begin)
    return fail(ec::bad_config, what + " is valid only from " + utc_text(begin)
                                  + " on: check this machine's clock");
  return ok;
}

status check_key(const X509* certificate, EVP_PKEY* key,
                 const std::string& certificate_path,
                 const std::string& key_path) {
  if (X509_check_private_key(certificate, key) == 1)
    return ok;
  openssl_reason();
  return fail(ec::bad_config, "key '" + key_path
                                + "' is not that of certificate '"
                                + certificate_path + "'");
}

void warn_of_readers(const std::string& key_path,
                     std::vector<std::string>& warnings) {
  struct stat file {};
  constexpr mode_t others = S_IRWXG | S_IRWXO;
  if (::stat(key_path.c_str(), &file) == 0 && (file.st_mode & others) != 0)
    warnings.push_back("key '" + key_path
                       + "' can be used by others: chmod 600 it");
}

} // namespace darkroom
