#include "elements/base/scrub.hpp"
#include <algorithm>
#include <array>
#include <gst/video/gstvideoaffinetransformationmeta.h>
#include <gst/video/gstvideometa.h>
#include <string_view>

namespace deid::scrub {

namespace {

template <std::size_t N> bool among(const std::array<std::string_view, N>& names, const char* name) {
  return name != nullptr && std::ranges::find(names, std::string_view(name)) != names.end();
}

/// The only tag that passes: without it a picture that is not rotated yet would be shown sideways. Codec,
/// container and bit rate describe data that was decoded; an encoder adds its own.
constexpr const char* orientation_tag = GST_TAG_IMAGE_ORIENTATION;
constexpr std::array<std::string_view, 8> orientations{"rotate-0",        "rotate-90",      "rotate-180",
                                                       "rotate-270",      "flip-rotate-0",  "flip-rotate-90",
                                                       "flip-rotate-180", "flip-rotate-270"};

/// Custom events that hold only times and flags: requests for key frames (splitmuxsink), and stills.
constexpr std::array<std::string_view, 2> harmless_custom{"GstForceKeyUnit", "GstEventStillFrame"};

/// Metadata between our elements. It lives in memory only; no encoder writes it to a file.
constexpr std::array<std::string_view, 3> own_metas{"DeidFaceMetaAPI", "DeidPoseMetaAPI",
                                                    "DeidOriginalMetaAPI"};
constexpr std::array<std::string_view, 2> region_types{"face", "person"};
constexpr std::array<std::string_view, 3> region_parameters{"detection", "object_id", "keypoints"};

EventPtr cleaned_tags(EventPtr event) {
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event.get(), &tags);
  gchar* text = nullptr;
  const bool there = gst_tag_list_get_string(tags, orientation_tag, &text) != FALSE;
  const std::unique_ptr<gchar, decltype(&g_free)> orientation(text, g_free);
  if (!there || !among(orientations, orientation.get()))
    return nullptr;
  GstTagList* kept = gst_tag_list_new(orientation_tag, orientation.get(), nullptr);
  gst_tag_list_set_scope(kept, gst_tag_list_get_scope(tags));
  EventPtr result(gst_event_new_tag(kept)); // takes the list
  gst_event_set_seqnum(result.get(), gst_event_get_seqnum(event.get()));
  return result;
}

/// The stream-start event without its GstStream, which holds a copy of the tags.
EventPtr cleaned_start(EventPtr event) {
  const gchar* id = nullptr;
  GstStreamFlags flags = GST_STREAM_FLAG_NONE;
  guint group = GST_GROUP_ID_INVALID;
  gst_event_parse_stream_start(event.get(), &id);
  gst_event_parse_stream_flags(event.get(), &flags);
  EventPtr result(gst_event_new_stream_start(id));
  gst_event_set_stream_flags(result.get(), flags);
  if (gst_event_parse_group_id(event.get(), &group) != FALSE)
    gst_event_set_group_id(result.get(), group);
  gst_event_set_seqnum(result.get(), gst_event_get_seqnum(event.get()));
  return result;
}

gboolean is_number(GQuark, const GValue* value, gpointer) {
  constexpr std::array<GType, 7> numbers{G_TYPE_BOOLEAN, G_TYPE_INT,   G_TYPE_UINT,  G_TYPE_INT64,
                                         G_TYPE_UINT64,  G_TYPE_FLOAT, G_TYPE_DOUBLE};
  return std::ranges::find(numbers, G_VALUE_TYPE(value)) != numbers.end() ? TRUE : FALSE;
}

bool is_harmless_custom(GstEvent* event) {
  const GstStructure* structure = gst_event_get_structure(event);
  return structure != nullptr && among(harmless_custom, gst_structure_get_name(structure)) &&
         gst_structure_foreach(structure, is_number, nullptr) != FALSE;
}

/// Keeps boxes of faces and persons, but removes what other recognisers may have added to them.
bool cleaned_region(GstVideoRegionOfInterestMeta* region) {
  if (!among(region_types, g_quark_to_string(region->roi_type)))
    return false;
  for (GList* at = region->params; at != nullptr;) {
    GList* next = at->next;
    auto* parameter = static_cast<GstStructure*>(at->data);
    if (!among(region_parameters, gst_structure_get_name(parameter))) {
      gst_structure_free(parameter);
      region->params = g_list_delete_link(region->params, at);
    }
    at = next;
  }
  return true;
}

/// The layout of sound in memory, and which part of a buffer to play.
constexpr std::array<std::string_view, 3> sound_metas{"GstAudioMetaAPI", "GstAudioClippingMetaAPI",
                                                      "GstAudioDownmixMetaAPI"};

/// A pool's own metadata manages memory and may not be removed. Metadata of a parent buffer keeps that memory
/// from being reused too early.
bool is_layout(const GstMeta* meta) {
  const GType api = meta->info->api;
  return GST_META_FLAG_IS_SET(meta, GST_META_FLAG_LOCKED) ||
         GST_META_FLAG_IS_SET(meta, GST_META_FLAG_POOLED) || api == GST_VIDEO_META_API_TYPE ||
         api == GST_VIDEO_CROP_META_API_TYPE || api == GST_VIDEO_AFFINE_TRANSFORMATION_META_API_TYPE ||
         api == GST_PARENT_BUFFER_META_API_TYPE || among(sound_metas, g_type_name(api));
}

gboolean keep_or_drop(GstBuffer*, GstMeta** meta, gpointer) {
  const GType api = (*meta)->info->api;
  const bool keep = api == GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE
                        ? cleaned_region(reinterpret_cast<GstVideoRegionOfInterestMeta*>(*meta))
                        : is_layout(*meta) || among(own_metas, g_type_name(api));
  if (!keep)
    *meta = nullptr;
  return TRUE;
}

} // namespace

EventPtr cleaned(EventPtr event) {
  switch (GST_EVENT_TYPE(event.get())) {
  case GST_EVENT_TAG:
    return cleaned_tags(std::move(event));
  case GST_EVENT_STREAM_START:
    return cleaned_start(std::move(event));
  case GST_EVENT_CUSTOM_DOWNSTREAM:
  case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
  case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
  case GST_EVENT_CUSTOM_BOTH:
  case GST_EVENT_CUSTOM_BOTH_OOB:
    return is_harmless_custom(event.get()) ? std::move(event) : nullptr;
  case GST_EVENT_FLUSH_START:
  case GST_EVENT_FLUSH_STOP:
  case GST_EVENT_CAPS:
  case GST_EVENT_SEGMENT:
  case GST_EVENT_INSTANT_RATE_CHANGE:
  case GST_EVENT_BUFFERSIZE:
  case GST_EVENT_STREAM_GROUP_DONE:
  case GST_EVENT_EOS:
  case GST_EVENT_SEGMENT_DONE:
  case GST_EVENT_GAP:
    return event;
  default: // chapters, stream collections, messages for sinks, and future kinds of events
    return nullptr;
  }
}

void clean(GstBuffer* buffer) {
  gst_buffer_foreach_meta(buffer, keep_or_drop, nullptr);
}

bool is_stream_tags(GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG)
    return false;
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  return gst_tag_list_get_scope(tags) == GST_TAG_SCOPE_STREAM;
}

EventPtr with_note(GstEvent* stream_tags, const char* note) {
  Ref<GstTagList> tags(gst_tag_list_new(GST_TAG_COMMENT, note, nullptr));
  if (stream_tags == nullptr)
    return EventPtr(gst_event_new_tag(tags.release()));
  GstTagList* others = nullptr;
  gst_event_parse_tag(stream_tags, &others);
  for (guint i = 0; i < gst_tag_list_get_tag_size(others, GST_TAG_COMMENT); ++i) {
    const gchar* comment = nullptr;
    if (gst_tag_list_peek_string_index(others, GST_TAG_COMMENT, i, &comment) != FALSE &&
        std::string_view(comment) != note)
      gst_tag_list_add(tags.get(), GST_TAG_MERGE_APPEND, GST_TAG_COMMENT, comment, nullptr);
  }
  // GST_TAG_MERGE_KEEP leaves the first list's comments alone
  EventPtr result(gst_event_new_tag(gst_tag_list_merge(tags.get(), others, GST_TAG_MERGE_KEEP)));
  gst_event_set_seqnum(result.get(), gst_event_get_seqnum(stream_tags));
  return result;
}

bool says(GstEvent* event, const char* note) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG)
    return false;
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  for (guint i = 0; i < gst_tag_list_get_tag_size(tags, GST_TAG_COMMENT); ++i) {
    const gchar* comment = nullptr;
    if (gst_tag_list_peek_string_index(tags, GST_TAG_COMMENT, i, &comment) != FALSE &&
        std::string_view(comment) == note)
      return true;
  }
  return false;
}

} // namespace deid::scrub
