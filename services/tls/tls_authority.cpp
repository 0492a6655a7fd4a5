#include "services/tls/tls_authority.hpp"

#include "services/storage/durable.hpp"
#include "services/tls/certificate.hpp"

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace darkroom {

namespace {

constexpr uint32_t authority_days = 3650;
constexpr int64_t day_seconds = 86400;
constexpr int serial_bits = 127; // impossible to guess, and positive in DER
constexpr size_t max_name_bytes = 64;  // of a common name (RFC 5280)
constexpr int64_t clock_slack_s = 300; // a node's clock may be behind ours

error openssl_failed(const std::string& doing) {
  return fail(ec::internal,
              "OpenSSL failed while " + doing + ": " + openssl_reason());
}

error in_the_way(const std::string& path) {
  return fail(ec::conflict, "'" + path
                              + "' exists and is left unchanged; "
                                "remove it yourself or use another --out");
}

std::string in(const tls_order& order, const std::string& name) {
  return (std::filesystem::path{order.folder} / name).string();
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(
    std::filesystem::symlink_status(path, ignored));
}

bool is_node_name(const std::string& name) {
  auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= max_name_bytes && name[0] != '.'
         && name != "ca" && std::all_of(name.begin(), name.end(), is_fine);
}

/// Writes a new file that only its owner may read.
status write_new(const std::string& path, const std::string& text) {
  auto fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                   S_IRUSR | S_IWUSR);
  if (fd < 0)
    return errno == EEXIST ? status{in_the_way(path)}
                           : status{system_failure("cannot create", path)};
  auto is_written = ::write(fd, text.data(), text.size())
                      == static_cast<ssize_t>(text.size())
                    && ::fsync(fd) == 0;
  auto why = system_failure("cannot write", path);
  ::close(fd);
  if (is_written)
    return ok;
  ::unlink(path.c_str());
  return why;
}

std::string pem_text(BIO* from) {
  char* text = nullptr;
  auto size = BIO_get_mem_data(from, &text);
  return {text, static_cast<size_t>(size)};
}

/// Writes both files or neither.
status write_pair(const std::string& stem, X509* certificate, EVP_PKEY* key) {
  openssl_ptr<BIO> pem_key{BIO_new(BIO_s_mem())};
  openssl_ptr<BIO> pem_certificate{BIO_new(BIO_s_mem())};
  if (PEM_write_bio_PrivateKey(pem_key.get(), key, nullptr, nullptr, 0, nullptr,
                               nullptr)
        != 1
      || PEM_write_bio_X509(pem_certificate.get(), certificate) != 1)
    return openssl_failed("writing a certificate");
  if (auto written = write_new(stem + ".key", pem_text(pem_key.get()));
      !written)
    return written;
  auto written = write_new(stem + ".crt", pem_text(pem_certificate.get()));
  if (!written)
    ::unlink((stem + ".key").c_str());
  return written;
}

bool add_extension(X509* to, X509* issuer, int which, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  openssl_ptr<X509_EXTENSION> made{
    X509V3_EXT_conf_nid(nullptr, &context, which, value)};
  return made && X509_add_ext(to, made.get(), -1) == 1;
}

/// A certificate that has no extensions and signature yet.
certificate_ptr begin_certificate(const std::string& name, EVP_PKEY* key,
                                  const tls_order& order, uint32_t days) {
  certificate_ptr out{X509_new()};
  auto* x = out.get();
  auto now = order.now / 1000;
  std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> serial{BN_new(), BN_free};
  auto* subject = X509_get_subject_name(x);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  auto is_made
    = X509_set_version(x, 2) == 1 // v3
      && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY)
           == 1
      && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x)) != nullptr
      && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1,
                                    0)
           == 1
      && ASN1_TIME_set(X509_getm_notBefore(x), now - clock_slack_s) != nullptr
      && ASN1_TIME_set(X509_getm_notAfter(x), now + days * day_seconds)
           != nullptr
      && X509_set_pubkey(x, key) == 1;
  if (!is_made)
    out.reset();
  return out;
}

/// "Darkroom CA 5f3a91c2": the random part tells two CAs apart.
std::string authority_name() {
  unsigned char bytes[4] = {};
  RAND_bytes(bytes, sizeof bytes);
  std::string out = "Darkroom CA ";
  for (auto byte : bytes) {
    constexpr auto digits = "0123456789abcdef";
    out += {digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

status make_folder(const std::string& folder) {
  std::error_code why;
  auto is_new = std::filesystem::create_directories(folder, why);
  if (why)
    return fail(ec::storage_failed,
                "cannot create folder '" + folder + "': " + why.message());
  if (is_new)
    ::chmod(folder.c_str(), S_IRWXU);
  return ok;
}

} // namespace

result<bool> make_authority(const tls_order& order) {
  auto certificate_path = in(order, "ca.crt");
  auto key_path = in(order, "ca.key");
  if (is_there(certificate_path) && is_there(key_path))
    return false;
  for (const auto& path : {certificate_path, key_path})
    if (is_there(path))
      return in_the_way(path);
  if (auto made = make_folder(order.folder); !made)
    return std::move(made.error());
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failed("making a key");
  auto made = begin_certificate(authority_name(), key.get(), order,
                                std::max(order.days, authority_days));
  auto* x = made.get();
  auto is_made
    = x != nullptr && X509_set_issuer_name(x, X509_get_subject_name(x)) == 1
      && add_extension(x, x, NID_basic_constraints,
                       "critical,CA:TRUE,pathlen:0")
      && add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign")
      && add_extension(x, x, NID_subject_key_identifier, "hash")
      && X509_sign(x, key.get(), EVP_sha256()) > 0;
  if (!is_made)
    return openssl_failed("making the CA");
  auto written = write_pair(in(order, "ca"), x, key.get());
  if (!written)
    return std::move(written.error());
  return true;
}

result<tls_files> make_node_files(const tls_order& order,
                                  const std::string& node) {
  if (!is_node_name(node))
    return fail(ec::bad_input,
                "'" + node
                  + "' cannot name a node's files: use letters, digits, '-', "
                    "'_' and '.', at most 64, and not ca");
  auto stem = in(order, node);
  for (const auto* ending : {".key", ".crt"})
    if (is_there(stem + ending))
      return in_the_way(stem + ending);
  auto authority = read_certificates(in(order, "ca.crt"));
  if (!authority)
    return std::move(authority.error());
  auto authority_key = read_key(in(order, "ca.key"));
  if (!authority_key)
    return std::move(authority_key.error());
  auto* issuer = authority->front().get();
  if (end_of(issuer) < order.now / 1000 + order.days * day_seconds)
    return fail(ec::conflict, "the CA in '" + order.folder + "' ends on "
                                + utc_text(end_of(issuer) * 1000)
                                + ": give fewer --days, or make a new CA");
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failed("making a key");
  auto made = begin_certificate(node, key.get(), order, order.days);
  auto* x = made.get();
  auto names = "DNS:" + node;
  auto is_made
    = x != nullptr
      && X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1
      && add_extension(x, issuer, NID_basic_constraints, "critical,CA:FALSE")
      && add_extension(x, issuer, NID_key_usage, "critical,digitalSignature")
      && add_extension(x, issuer, NID_ext_key_usage, "serverAuth,clientAuth")
      && add_extension(x, issuer, NID_subject_alt_name, names.c_str())
      && add_extension(x, issuer, NID_subject_key_identifier, "hash")
      && add_extension(x, issuer, NID_authority_key_identifier, "keyid")
      && X509_sign(x, authority_key->get(), EVP_sha256()) > 0;
  if (!is_made)
    return openssl_failed("making the certificate of " + node);
  auto written = write_pair(stem, x, key.get());
  if (!written)
    return std::move(written.error());
  return tls_files{stem + ".crt", stem + ".key", in(order, "ca.crt")};
}

} // namespace darkroom
