/// Certificates and keys as values: OpenSSL's handles that clean up after
/// themselves, and PEM files. Only services/tls includes this.
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

/// Frees what OpenSSL made.
struct openssl_free {
  void operator()(BIO* x) const;
  void operator()(EVP_PKEY* x) const;
  void operator()(X509* x) const;
  void operator()(X509_EXTENSION* x) const;
  void operator()(X509_STORE* x) const;
  void operator()(X509_STORE_CTX* x) const;
};
template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_free>;
using key_ptr = openssl_ptr<EVP_PKEY>;
using certificate_ptr = openssl_ptr<X509>;

/// All certificates of a PEM file, at least one, in their order.
/// @returns ec::bad_config naming the file
result<std::vector<certificate_ptr>> read_certificates(const std::string& path);

/// The private key of a PEM file; one with a passphrase is refused.
/// @returns ec::bad_config naming the file
result<key_ptr> read_key(const std::string& path);

/// The subject's common name, else the whole subject.
std::string name_of(const X509* certificate);

/// When its validity begins and ends, in seconds since the epoch.
int64_t begin_of(const X509* certificate);
int64_t end_of(const X509* certificate);

/// What OpenSSL says of its last failure in this thread; forgets it.
std::string openssl_reason();

} // namespace darkroom
