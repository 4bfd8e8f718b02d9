#!/bin/sh
# measure-file.sh IN OUT.mp4: masks the faces of a video and measures what is left of body movement (OUT.mp4.json, OUT.mp4.csv) and of identity (OUT.mp4.identity.json).
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert \
  ! videoflip video-direction=auto ! deidposedetect stage=original ! queue ! deidfacedetect ! queue ! deididentitymeter stage=original ! deidfacemask shape=box \
  ! queue ! deididentitymeter location="$2.identity.json" ! queue ! deidposedetect stage=deidentified ! deidoksmeter location="$2.json" csv="$2.csv" ! queue \
  ! x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast ! mp4mux ! filesink location="$2"
