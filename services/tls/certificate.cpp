#include "services/tls/certificate.hpp"

#include "config/file_text.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <filesystem>

namespace darkroom {

void openssl_free::operator()(BIO* x) const {
  BIO_free(x);
}
void openssl_free::operator()(EVP_PKEY* x) const {
  EVP_PKEY_free(x);
}
void openssl_free::operator()(X509* x) const {
  X509_free(x);
}
void openssl_free::operator()(X509_EXTENSION* x) const {
  X509_EXTENSION_free(x);
}
void openssl_free::operator()(X509_STORE* x) const {
  X509_STORE_free(x);
}
void openssl_free::operator()(X509_STORE_CTX* x) const {
  X509_STORE_CTX_free(x);
}
void openssl_free::operator()(GENERAL_NAMES* x) const {
  GENERAL_NAMES_free(x);
}

namespace {

constexpr size_t max_pem_bytes = 1 << 20; // real ones are below 10 KB

error unusable(const std::string& path, const std::string& why) {
  return fail(ec::bad_config, "TLS file '" + path + "' " + why);
}

result<std::string> read_pem(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return unusable(path,
                    "does not exist; `darkroom tls init` makes those of nodes");
  if (!std::filesystem::is_regular_file(path, ignored))
    return unusable(path, "is not a file");
  if (std::filesystem::file_size(path, ignored) > max_pem_bytes)
    return unusable(path, "is too large for a PEM file");
  auto text = file_text(path);
  if (!text)
    return unusable(path, "cannot be read: " + text.error().context);
  return text;
}

openssl_ptr<BIO> reader_of(const std::string& text) {
  return openssl_ptr<BIO>{
    BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

int no_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

int64_t seconds_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return 0;
  return timegm(&parts);
}

} // namespace

result<std::vector<certificate_ptr>>
read_certificates(const std::string& path) {
  auto text = read_pem(path);
  if (!text)
    return std::move(text.error());
  auto reader = reader_of(*text);
  std::vector<certificate_ptr> out;
  while (
    auto* next = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr))
    out.emplace_back(next);
  auto last = ERR_peek_last_error();
  auto is_at_end = ERR_GET_LIB(last) == ERR_LIB_PEM
                   && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  auto why = openssl_reason();
  if (!is_at_end)
    return unusable(path, "holds a malformed certificate: " + why);
  if (out.empty())
    return unusable(path, "holds no certificate in PEM form");
  return out;
}

result<key_ptr> read_key(const std::string& path) {
  auto text = read_pem(path);
  if (!text)
    return std::move(text.error());
  auto reader = reader_of(*text);
  bool is_locked = false;
  key_ptr key{
    PEM_read_bio_PrivateKey(reader.get(), nullptr, no_passphrase, &is_locked)};
  auto why = openssl_reason();
  if (is_locked)
    return unusable(path, "has a passphrase: use a key without one");
  if (!key)
    return unusable(path, "holds no private key in PEM form: " + why);
  return key;
}

std::string name_of(const X509* certificate) {
  auto* subject = X509_get_subject_name(certificate);
  char name[256] = "";
  if (X509_NAME_get_text_by_NID(subject, NID_commonName, name, sizeof name) < 0)
    X509_NAME_oneline(subject, name, sizeof name);
  return name;
}

int64_t begin_of(const X509* certificate) {
  return seconds_of(X509_get0_notBefore(certificate));
}

int64_t end_of(const X509* certificate) {
  return seconds_of(X509_get0_notAfter(certificate));
}

std::string pem_of(X509* certificate) {
  openssl_ptr<BIO> text{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(text.get(), certificate);
  char* begin = nullptr;
  auto size = BIO_get_mem_data(text.get(), &begin);
  return {begin, static_cast<size_t>(size)};
}

std::string openssl_reason() {
  auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "no reason given";
}

} // namespace darkroom
