/// Rows of imaging, vision and embedding.
#include "config/fields.hpp"

namespace darkroom {

namespace {

// What the codec processes of a node may use.
std::vector<field> codec_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  return {
    imaging.size<&s::codec_memory_bytes>(
      "codec_memory_bytes", 256 * mib, 1024 * gib,
      "Address space of a codec process; more than that kills it."),
    imaging.duration<&s::codec_time>(
      "codec_time", 100, hour,
      "One picture's CPU time; the codec process is killed after it."),
    imaging
      .number<&s::deep_backlog>(
        "deep_backlog", 1, 1000000000,
        "With avif_effort = auto, the effort is 1 while this many jobs wait.")
      .unit("jobs"),
    imaging.duration<&s::effort_time>(
      "effort_time", 0, hour,
      "With avif_effort = auto, a picture that would take more CPU time at "
      "effort 4 is encoded at effort 3."),
    imaging.number<&s::cores>("cores", 1, 1024,
                              "Decodes and encodes at once per node; auto "
                              "takes the cores that the node may use."),
    imaging.size<&s::memory_bytes>(
      "memory_bytes", 64 * mib, 1024 * gib,
      "Pictures wait while those in work may need more than this together; "
      "auto takes half of the node's memory."),
    imaging.flag<&s::share_files>(
      "share_files",
      "Whether a picture narrower than several widths has one file for all of "
      "them; else each has its own."),
  };
}

} // namespace

std::vector<field> imaging_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  std::vector<field> rows{
    imaging.size<&s::max_bytes>("max_bytes", 1, 1024 * gib,
                                "Largest encoded picture that is opened."),
    imaging
      .number<&s::max_pixels>(
        "max_pixels", 1, 10000000000,
        "Width x height, checked before decoding; phones have 108 MP. No edge "
        "may be longer than 65535, whatever this is.")
      .unit("pixels"),
    imaging
      .text<&s::strictness>(
        "strictness",
        "lenient reads what every viewer shows, if no pixel is missing; "
        "strict refuses what a decoder warns of.")
      .one_of({"lenient", "strict"}),
    imaging.number<&s::webp_quality>("webp_quality", 1, 100,
                                     "WebP quality, as sharp's default."),
    imaging.number<&s::webp_effort>("webp_effort", 0, 6,
                                    "WebP effort, as sharp's default."),
    imaging.number<&s::avif_quality>("avif_quality", 1, 100,
                                     "AVIF quality, as sharp's default."),
    imaging.number<&s::avif_effort>(
      "avif_effort", 0, 9,
      "AVIF effort; 4 takes 4.6 times as long for the same look. auto takes 1 "
      "while many jobs wait, 3 while some do, 4 for small pictures when none "
      "does."),
    imaging
      .number<&s::vision_edge>(
        "vision_edge", 64, 4096,
        "Longer edge of the JPEG that the vision model sees.")
      .unit("pixels"),
    imaging
      .number<&s::analysis_edge>(
        "analysis_edge", 64, 4096,
        "Longer edge of the picture that the local analyser sees.")
      .unit("pixels"),
  };
  auto rest = codec_fields();
  rows.insert(rows.end(), rest.begin(), rest.end());
  return rows;
}

std::vector<field> vision_fields() {
  using s = vision_settings;
  constexpr rows_of<&settings::vision> vision{"vision"};
  return {
    vision
      .text<&s::provider>(
        "provider",
        "auto takes openai if there is a key, else the local analyser.")
      .one_of({"auto", "openai", "local"}),
    vision.text<&s::base_url>("base_url", "An OpenAI-compatible API.")
      .required()
      .env("OPENAI_BASE_URL"),
    vision.text<&s::api_key>("api_key", "Its key.")
      .secret()
      .env("OPENAI_API_KEY"),
    vision.text<&s::model>("model", "Its model; must see pictures.").required(),
    vision.duration<&s::timeout>("timeout", 100, hour,
                                 "How long it may take to answer."),
    vision.text<&s::cascades>(
      "cascades",
      "Folder of OpenCV's Haar cascades; empty means found by itself."),
  };
}

std::vector<field> embedding_fields() {
  using s = embedding_settings;
  constexpr rows_of<&settings::embedding> embedding{"embedding"};
  return {
    embedding
      .text<&s::provider>(
        "provider",
        "auto takes openai if there is a key, else the local encoder.")
      .one_of({"auto", "openai", "local"}),
    embedding.text<&s::base_url>("base_url", "An OpenAI-compatible API.")
      .required()
      .env("OPENROUTER_BASE_URL"),
    embedding
      .text<&s::api_key>(
        "api_key", "Its key; without one, OPENAI_API_KEY serves here too.")
      .secret()
      .env("OPENROUTER_API_KEY"),
    embedding
      .text<&s::model>(
        "model", "Its model; vectors of different models are never compared.")
      .required(),
    embedding
      .number<&s::dimensions>("dimensions", 1, 65536, "Length of a vector.")
      .unit("floats"),
    embedding.duration<&s::timeout>("timeout", 100, hour,
                                    "How long it may take to answer."),
    embedding.text<&s::weights>(
      "weights",
      "Folder of the local sentence encoder; empty means found by itself."),
  };
}

} // namespace darkroom
