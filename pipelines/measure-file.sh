#!/bin/sh
# measure-file.sh IN OUT.mp4: masks the faces of a video and measures what is left of body movement, in OUT.mp4.json and OUT.mp4.csv.
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert \
  ! videoflip video-direction=auto ! deidposedetect stage=original ! deidfacedetect ! deidfacemask shape=box \
  ! deidposedetect stage=deidentified ! deidoksmeter location="$2.json" csv="$2.csv" ! queue \
  ! x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast ! mp4mux ! filesink location="$2"
