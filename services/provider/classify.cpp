#include "services/provider/classify.hpp"

#include "services/text/words.hpp"

namespace darkroom {

namespace {

// Words of real providers, all in lower case. Codes are compared with
// `provider_refusal::codes`, the rest with the message.
constexpr word_list filter_codes
  = {"content_filter",  "content_policy", "responsibleaipolicy", "moderation",
     "data_inspection", "safety",         "image_policy"};
constexpr word_list filter_words = {"content management policy",
                                    "content policy",
                                    "content filter",
                                    "safety system",
                                    "was flagged",
                                    "inappropriate content",
                                    "moderation"};
constexpr word_list large_words
  = {"image is too large",        "image too large",
     "image size exceeds",        "image exceeds",
     "exceeds the maximum image", "payload too large",
     "request entity too large",  "request body too large",
     "image dimensions exceed"};
constexpr word_list quota_codes
  = {"insufficient_quota",   "billing",          "insufficient_credit",
     "insufficient_balance", "payment_required", "account_deactivated"};
constexpr word_list quota_words
  = {"insufficient balance",        "insufficient credit",
     "insufficient fund",           "credit balance is too low",
     "exceeded your current quota", "out of credits",
     "requires more credits",       "billing"};
constexpr word_list key_codes = {"invalid_api_key", "api_key_invalid",
                                 "authentication_error", "unauthenticated"};
constexpr word_list key_words = {"api key not valid", "incorrect api key",
                                 "invalid api key", "no auth credentials",
                                 "api key is missing"};
constexpr word_list model_codes = {"model_not_found", "model_decommissioned",
                                   "deploymentnotfound", "invalid_model"};
constexpr word_list model_words = {"is not a valid model",
                                   "has been decommissioned",
                                   "invalid model name", "unknown model"};
constexpr word_list blind_words = {"image input",
                                   "mmproj",
                                   "unknown variant `image_url`",
                                   "image_url is only supported by",
                                   "images are not supported",
                                   "not support image",
                                   "doesn't support image",
                                   "not support vision",
                                   "doesn't support vision",
                                   "not a multimodal model",
                                   "at most 0 image",
                                   "content must be a string",
                                   "content' must be a string",
                                   "not support multimodal"};
constexpr word_list slow_codes = {"rate_limit", "overloaded", "throttl"};

bool is_filtered(const provider_refusal& x) {
  return x.status == 451
         || (x.status != 401 && x.status != 429 && x.status < 500
             && (has_any(x.codes, filter_codes)
                 || has_any(x.lower, filter_words)));
}

bool is_too_large(const provider_refusal& x) {
  return x.status == 413
         || ((x.status == 400 || x.status == 422)
             && has_any(x.lower, large_words));
}

/// Gemini uses the words of an exhausted quota for every 429, but then says
/// when to come back.
bool is_quota_used_up(const provider_refusal& x, int64_t hint_ms) {
  return has_any(x.codes, quota_codes)
         || (x.status < 500 && hint_ms == 0 && has_any(x.lower, quota_words));
}

bool is_model_missing(const provider_refusal& x) {
  auto is_unknown = x.lower.find("model") != x.lower.npos
                    && has_any(x.lower, {"does not exist", "not found"});
  return has_any(x.codes, model_codes) || has_any(x.lower, model_words)
         || is_unknown;
}

/// Whether it is about key, model or address, so that other pictures would fare
/// no better.
bool is_unusable(const provider_refusal& x) {
  if (x.status < 400 || (x.status >= 401 && x.status <= 405) || x.status == 410)
    return true;
  if (x.status != 400 && x.status != 422 && x.status < 500)
    return false;
  if (has_any(x.lower, blind_words))
    return true;
  return x.status < 500
         && (has_any(x.codes, key_codes) || has_any(x.lower, key_words)
             || is_model_missing(x));
}

bool is_throttled(const provider_refusal& x, int64_t hint_ms) {
  return x.status == 429 || x.status == 503 || x.status == 529
         || (x.status >= 500 && hint_ms > 0) || has_any(x.codes, slow_codes);
}

} // namespace

verdict classify(const provider_refusal& x, int64_t hint_ms) {
  if (is_filtered(x))
    return {};
  if (is_too_large(x))
    return {.is_too_large = true};
  if (is_quota_used_up(x, hint_ms) || is_unusable(x))
    return {.end = call_end::unusable};
  if (is_throttled(x, hint_ms))
    return {.end = call_end::throttled};
  if (x.status >= 500)
    return {.end = call_end::transient,
            .may_adapt = x.status == 500 || x.status == 501};
  if (x.status == 408 || x.status == 409 || x.status == 425)
    return {.end = call_end::transient};
  return {.may_adapt = x.status == 400 || x.status == 415 || x.status == 422};
}

const char* advice_for(const provider_refusal& x) {
  if (x.status >= 300 && x.status < 400)
    return "; redirects are not followed: set the final URL";
  if (is_quota_used_up(x, 0) || x.status == 402)
    return "; check the account's quota and billing";
  if (has_any(x.lower, blind_words))
    return "; choose a model that sees pictures";
  if (x.status == 404 || x.status == 405 || x.status == 410
      || is_model_missing(x))
    return "; check base_url and model";
  return x.status == 401 || x.status == 403 || has_any(x.codes, key_codes)
             || has_any(x.lower, key_words)
           ? "; check the API key"
           : "";
}

} // namespace darkroom
