/// Reads the answer of a provider of embeddings.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// The vector in an answer to one text, scaled to an L2 norm of 1. It stands in
/// `data` (the entry with index 0), `embedding` or `embeddings`, as floats,
/// texts of numbers, or base64 of floats (32 bit, little endian).
/// @param dimensions that it must have
/// @returns ec::upstream_refused if there is no vector, or it does not consist
///   of `dimensions` finite floats, or all are 0: the provider would answer the
///   same again
result<std::vector<float>> read_embedding(const nlohmann::json& body,
                                          uint32_t dimensions);

/// A vector as base64 of its floats (32 bit, little endian).
std::string pack_vector(const std::vector<float>& vector);

/// Reads what `pack_vector` wrote. @returns an empty vector for anything else
std::vector<float> unpack_vector(const std::string& text);

} // namespace darkroom
