/// Whether bytes arrived as they were sent.
#pragma once

#include "services/http_client/http_answer.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// The header with the SHA-256, in hex, that Darkroom puts with each object;
/// any server keeps it.
inline constexpr auto sum_header = "x-amz-meta-sha256";

/// MD5 as 16 bytes.
std::string md5_of(std::string_view bytes);

/// MD5 as 32 hex digits, as ETags have it.
std::string md5_hex(std::string_view bytes);

/// What is wrong with bytes that came with this answer: their SHA-256 is not
/// the one that was put with them, or, if somebody else put them, their MD5 is
/// not the ETag. Empty if nothing is, or if the answer does not tell: the ETag
/// of an object in parts, or of one that is encrypted with a key of its own, is
/// no MD5.
std::string sum_problem(const http_answer& answer, std::string_view bytes);

} // namespace darkroom
