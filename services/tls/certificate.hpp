/// Certificates and keys as values: OpenSSL's handles that free themselves, and
/// PEM files. Only services/tls includes this header.
#pragma once

#include "messages/result.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Frees OpenSSL's objects.
struct openssl_free {
  void operator()(BIO* x) const;
  void operator()(EVP_PKEY* x) const;
  void operator()(X509* x) const;
  void operator()(X509_EXTENSION* x) const;
  void operator()(X509_STORE* x) const;
  void operator()(X509_STORE_CTX* x) const;
  void operator()(GENERAL_NAMES* x) const;
};
template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_free>;
using key_ptr = openssl_ptr<EVP_PKEY>;
using certificate_ptr = openssl_ptr<X509>;

/// Reads all certificates of a PEM file in their order; there is at least one.
/// @returns ec::bad_config naming the file
result<std::vector<certificate_ptr>> read_certificates(const std::string& path);

/// Reads the private key of a PEM file; refuses a key with a passphrase.
/// @returns ec::bad_config naming the file
result<key_ptr> read_key(const std::string& path);

/// The common name of the subject, or the whole subject if it has none.
std::string name_of(const X509* certificate);

/// When the certificate's validity begins and ends, in seconds since the epoch.
int64_t begin_of(const X509* certificate);
int64_t end_of(const X509* certificate);

/// The certificate as PEM text.
std::string pem_of(X509* certificate);

/// OpenSSL's text for its last failure in this thread; clears it.
std::string openssl_reason();

} // namespace darkroom
