# Follows hands from frame to frame: an algorithm that knows neither GStreamer nor where its networks come from.
deid_room(deid_posedetect_hands SOURCES ${CMAKE_CURRENT_LIST_DIR}/hand_tracker.cpp LINK deid_meta deid_models_hands)
